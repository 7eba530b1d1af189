import SluiceStore
import SluiceTesting
import SluiceTypes

@testable import SluiceSQLite

/// A store in which jobs have come to all that can come to them.
enum MixedLife {
    /// The jobs, by what became of them.
    enum Fate: String, CaseIterable {
        case queued
        case running
        case succeeded
        case retried
        case dead
        case cancelled
        case deleted
        /// Queued, to continue the one that succeeded.
        case continuing
    }

    /// Lives it.
    @discardableResult
    static func live(in store: SQLiteStore) async throws -> [Fate: JobID] {
        try await people(store)
        var jobs: [Fate: JobID] = [:]
        for fate in Fate.allCases {
            var job = NewJob.example(model: fate.rawValue, key: fate.rawValue)
            job.facts.token = TokenID(rawValue: "aaaaaaaa")
            if fate == .continuing, let previous = jobs[.succeeded] {
                job.facts.ancestry = Ancestry(previous: previous, thread: previous, depth: 1)
            }
            _ = try await store.submit(job)
            jobs[fate] = job.id
            try await end(job.id, fate, store)
        }
        return jobs
    }

    private static func people(_ store: SQLiteStore) async throws {
        for (owner, token) in [("ada", "aaaaaaaa"), ("bob", "bbbbbbbb")] {
            let record = TokenRecord(
                id: TokenID(rawValue: token),
                owner: OwnerID(rawValue: owner),
                name: owner,
                hash: Array(repeating: 1, count: 32),
                scopes: Scope.standard,
                createdAt: .later,
                expiresAt: nil
            )
            let audit = AuditEntry(at: .later, actor: "operator", action: "token.create", subject: token, result: "ok")
            let new = OwnerRecord(id: OwnerID(rawValue: owner), name: owner, createdAt: .later)
            _ = try await store.insert(record, newOwner: new, audit: audit)
        }
    }

    private static func end(_ id: JobID, _ fate: Fate, _ store: SQLiteStore) async throws {
        switch fate {
        case .queued, .continuing: break
        case .running: try await claim(fate, store).abandon()
        case .succeeded, .deleted:
            _ = await store.succeed(try await claim(fate, store), .example)
            guard fate == .deleted else { break }
            let kept = KeptUpstream(row: "alpha", account: nil, upstreamID: "resp_1")
            _ = try await store.deleteBodies(id, owner: nil, at: .later, upstream: [kept], strangers: [])
        case .retried:
            _ = await store.fail(try await claim(fate, store), failure(retryAt: .later))
            _ = await store.succeed(try await claim(fate, store), .example)
        case .dead: _ = await store.fail(try await claim(fate, store), failure(retryAt: nil))
        case .cancelled:
            try await claim(fate, store).abandon()
            _ = try await store.cancel(id, owner: nil, at: .later, audit: nil)
        }
    }

    private static func failure(retryAt: Timestamp?) -> Failure {
        Failure(
            report: AttemptReport(endedAt: .later, errorClass: .server),
            output: AttemptOutput(log: [9], text: "He", complete: false),
            counts: true,
            retryAt: retryAt
        )
    }

    private static func claim(_ fate: Fate, _ store: SQLiteStore) async throws -> Claim {
        let group = JobGroup(lane: .bulk, operation: .chat, route: fate.rawValue)
        var batch = try await store.claim(ClaimRequest(group: group, boot: .mine, now: .later, starts: [.example]))
        guard let claim = batch.next() else { throw StoreError(.unavailable, "nothing was claimed") }
        return claim
    }
}
