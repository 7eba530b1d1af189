import SluiceStore
import SluiceTypes

// What providers are to delete.

extension ModelWorld {
    mutating func owe(_ kept: [KeptUpstream], to owner: OwnerID) {
        for kept in kept { upstream[kept.upstreamID] = UpstreamDeletion(id: 0, owner: owner, kept, madeAt: now) }
    }

    /// What was handed out.
    mutating func claimUpstream(dueAgainAt again: Timestamp, limit: Int) async throws -> [UpstreamDeletion] {
        let batch = try await subject.store.claimUpstreamDeletions(at: now, dueAgainAt: again, limit: limit)
        let moment = now
        let over = upstream.values.filter { $0.until <= moment }
        try expectEqual(batch.givenUp.count, min(limit, over.count), "the number that were given up")
        for deletion in batch.givenUp {
            try expectEqual(deletion, try owed(deletion), "what was given up")
            try expect(deletion.until <= now, "\(deletion) was given up before its time")
            upstream[deletion.kept.upstreamID] = nil
        }
        let due = upstream.values.filter { $0.dueAt <= moment }
        try expectEqual(batch.due.count, min(limit, due.count), "the number that were handed out")
        for deletion in batch.due {
            var expected = try owed(deletion)
            try expect(expected.dueAt <= now, "\(deletion) was handed out before its time")
            expected.tries += 1
            expected.dueAt = again
            try expectEqual(deletion, expected, "what was handed out")
            upstream[deletion.kept.upstreamID] = expected
        }
        return batch.due
    }

    mutating func finishUpstream(_ deletion: UpstreamDeletion) async throws {
        try await subject.store.finishUpstreamDeletion(deletion.id)
        upstream[deletion.kept.upstreamID] = nil
    }

    mutating func putOffUpstream(_ deletion: UpstreamDeletion, until moment: Timestamp) async throws {
        try await subject.store.putOffUpstreamDeletion(deletion.id, until: moment)
        upstream[deletion.kept.upstreamID]?.dueAt = moment
    }

    /// The model's own, under the store's number.
    private func owed(_ deletion: UpstreamDeletion) throws -> UpstreamDeletion {
        guard var owed = upstream[deletion.kept.upstreamID] else {
            throw ConformanceFailure("\(deletion) was asked for by nobody, or is done", #fileID, #line)
        }
        owed.id = deletion.id
        return owed
    }
}
