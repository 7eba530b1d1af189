import SluiceStore
import SluiceTypes

extension StoreConformance {
    static let upstreamChecks = [
        Check("what providers keep is put down with the deletion, and with none that is refused") { subject in
            let kept = ["resp_1", "resp_2"].map { KeptUpstream(row: "alpha", account: "a1", upstreamID: $0) }
            let running = try await subject.start()
            let id = try await subject.succeeded()
            for (refused, owner) in [(running.id, OwnerID.ada), (id, .bob), (.generate(at: .at(0)), .ada)] {
                _ = try await subject.deleteBodies(refused, owner: owner, at: .at(10), upstream: kept)
            }
            try expectEqual(try await subject.claimUpstream(at: .at(10)).count, 0, "the number due before any deletion")
            let answer = try await subject.deleteBodies(id, owner: .ada, at: .at(10), upstream: kept)
            try expectEqual(answer, .deleted(), "the deletion")
            try expectEqual(try await subject.claimUpstream(at: .at(9.999)).count, 0, "the number due too early")
            let due = try await subject.claimUpstream(at: .at(10))
            try expectEqual(Set(due.map(\.id)).count, 2, "the number of those due")
            for (deletion, kept) in zip(due.sorted { $0.id < $1.id }, kept) {
                let expected = UpstreamDeletion(
                    id: deletion.id,
                    owner: .ada,
                    kept,
                    madeAt: .at(10),
                    dueAt: .at(310),
                    tries: 1,
                    until: .at(10 + 86_400)
                )
                try expectEqual(deletion, expected, "what is to be deleted")
            }
            _ = try await subject.purge(at: .at(90 * 86_400))
            let left = try await subject.store.claimUpstreamDeletions(at: .at(400), dueAgainAt: .at(700), limit: 9)
            try expectEqual(left.due.count, 2, "the number left once the job was purged")
        },
        Check("a deletion that was handed out is due again, unless it is finished or put off") { subject in
            let names = ["resp_1", "resp_2", "resp_3"]
            let kept = names.map { KeptUpstream(row: "alpha", account: nil, upstreamID: $0) }
            _ = try await subject.deleteBodies(try await subject.succeeded(), at: .at(10), upstream: kept)
            var sizes: [Int] = []
            for _ in 0..<3 { sizes.append(try await subject.claimUpstream(at: .at(10), limit: 2).count) }
            try expectEqual(sizes, [2, 1, 0], "the numbers handed out")
            let again = try await subject.claimUpstream(at: .at(310)).sorted { $0.kept.upstreamID < $1.kept.upstreamID }
            try expectEqual(again.map(\.tries), [2, 2, 2], "the tries")
            try await subject.store.finishUpstreamDeletion(again[0].id)
            try await subject.store.putOffUpstreamDeletion(again[1].id, until: .at(5000))
            try expectEqual(
                try await subject.claimUpstream(at: .at(610)).map(\.kept.upstreamID),
                ["resp_3"],
                "what is due while one is put off"
            )
            let late = try await subject.claimUpstream(at: .at(5000))
            try expectEqual(Set(late.map(\.kept.upstreamID)), ["resp_2", "resp_3"], "what is due after")
            for id in [again[0].id, 999] {
                try await subject.store.finishUpstreamDeletion(id)
                try await subject.store.putOffUpstreamDeletion(id, until: .at(5000))
            }
            try expectEqual(try await subject.claimUpstream(at: .at(9000)).count, 2, "the number left")
        },
        Check("what no provider has deleted in a day is given up, once") { subject in
            let kept = (0..<3).map { KeptUpstream(row: "alpha", account: nil, upstreamID: "resp_\($0)") }
            _ = try await subject.deleteBodies(try await subject.succeeded(), at: .at(10), upstream: kept)
            let end = 10 + 86_400.0
            for deletion in try await subject.claimUpstream(at: .at(10)) {
                try await subject.store.putOffUpstreamDeletion(deletion.id, until: .at(2 * end))
            }
            var sizes: [Int] = []
            for (moment, limit) in [(end - 0.001, 9), (end, 2), (end, 2), (end, 2), (3 * end, 9)] {
                let batch = try await subject.store.claimUpstreamDeletions(
                    at: .at(moment),
                    dueAgainAt: .at(moment + 300),
                    limit: limit
                )
                try expectEqual(batch.due, [], "what is due")
                sizes.append(batch.givenUp.count)
            }
            try expectEqual(sizes, [0, 2, 1, 0, 0], "the numbers given up")
        },
    ]
}

extension Subject {
    /// What is due, again five minutes later.
    fileprivate func claimUpstream(at now: Timestamp, limit: Int = 9) async throws -> [UpstreamDeletion] {
        let batch = try await store.claimUpstreamDeletions(
            at: now,
            dueAgainAt: now.adding(.seconds(300)),
            limit: limit
        )
        try expectEqual(batch.givenUp, [], "what was given up")
        return batch.due
    }
}
