import GRDB
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceSQLite

/// A store with a word that this version does not know: its job is told of, and stands in nobody's way.
@Suite("A word that this version does not know")
struct SQLiteWordTests {
    static let columns = ["surface", "entry", "type", "request_format", "lane", "on_unknown"]

    @Test("is named by the check, with its column and its job", arguments: columns)
    func named(column: String) async throws {
        try await withForeign(column) { id, _, store in
            let report = try await store.check()
            let fault = try #require(report.faults.first { $0.rule.contains("job.\(column) holds words") })
            #expect(fault.jobs == [id])
            #expect(fault.details == ["\(column) \"foreign\""])
            #expect(report.faults.count == 1)
        }
    }

    @Test("keeps no other job from being listed, read, counted or found in its group", arguments: columns)
    func othersAreRead(column: String) async throws {
        try await withForeign(column) { id, other, store in
            for owner in [nil, OwnerID(rawValue: "ada")] {
                let page = try await store.jobs(JobQuery(owner: owner, limit: 10))
                #expect(page.map(\.id) == [other])
            }
            #expect(try await store.job(other, owner: nil)?.id == other)
            #expect(try await store.groups().map(\.group.route) == ["gpt"])
            // One whose lane or entry is not known has no place among those that are counted.
            #expect(try await store.counts()[.queued] == (["lane", "entry"].contains(column) ? 1 : 2))
            let error = await storeError { () throws(StoreError) in _ = try await store.job(id, owner: nil) }
            #expect(error?.message.contains("run `sluice check`") == true)
        }
    }

    @Test("keeps no other job from being claimed", arguments: columns)
    func othersAreClaimed(column: String) async throws {
        try await withForeign(column) { id, other, store in
            let request = ClaimRequest(
                group: JobGroup(lane: .bulk, operation: .chat, route: "gpt"),
                boot: .mine,
                now: .later,
                starts: [.example, .example]
            )
            var batch = try await store.claim(request)
            guard let claim = batch.next() else { throw Missing() }
            #expect(claim.job.id == other)
            _ = await store.release(claim, at: .later)
            // Where it stands in the group it is a dead letter now, for somebody to look at.
            let isInGroup = !["lane", "type", "request_format"].contains(column)
            #expect(batch.expired == (isInGroup ? [id] : []))
        }
    }

    @Test(
        "keeps no other job from being rescued, and its own is a dead letter",
        arguments: ["type", "lane", "request_format", "on_unknown"]
    )
    func othersAreRescued(column: String) async throws {
        try await withForeign(column, isRunning: true) { id, other, store in
            let rescued = try await store.rescue(boot: BootID(rawValue: "00000000000000bb"), at: .later, limit: 10)
            #expect(rescued.map(\.id) == [id, other])
            #expect(rescued.map(\.state) == [.dead, .queued])
            #expect(rescued.map(\.errorClass) == [.corrupt, nil])
            #expect(try await store.rescue(boot: BootID(rawValue: "00000000000000bb"), at: .later, limit: 10).isEmpty)
        }
    }

    @Test("in an old attempt is a try like another: the job and the others of its group are claimed")
    func outcome() async throws {
        try await withForeign(nil, isRunning: true) { id, other, store in
            _ = try await store.rescue(boot: BootID(rawValue: "00000000000000bb"), at: .later, limit: 10)
            _ = try await store.write(Ask(sql: "UPDATE job_attempt SET outcome = 'foreign' WHERE job = 1"))
            let request = ClaimRequest(
                group: JobGroup(lane: .bulk, operation: .chat, route: "gpt"),
                boot: BootID(rawValue: "00000000000000bb"),
                now: .later,
                starts: [.example, .example]
            )
            var batch = try await store.claim(request)
            #expect(batch.expired.isEmpty)
            var claimed: [JobID] = []
            while let claim = batch.next() {
                claimed.append(claim.job.id)
                if claim.job.id == id { #expect(claim.job.attempt == 2) }
                _ = await store.release(claim, at: .later)
            }
            #expect(Set(claimed) == [id, other])
        }
    }

    @Test("ends no list before its end: the job is passed over, and older ones follow", arguments: [1, 2, 3])
    func pages(limit: Int) async throws {
        try await withForeign("surface") { foreign, other, store in
            let newest = NewJob.example(at: 1_900_000_000_002)
            _ = try await store.submit(newest)
            _ = try await store.write(Ask(sql: "UPDATE job SET surface = 'prompt' WHERE seq = 1"))
            _ = try await store.write(Ask(sql: "UPDATE job SET surface = 'foreign' WHERE seq = 2"))
            for owner in [nil, OwnerID(rawValue: "ada")] {
                var found: [JobID] = []
                var after: JobID?
                repeat {
                    let page = try await store.jobs(JobQuery(owner: owner, after: after, limit: limit))
                    found += page.map(\.id)
                    after = page.next
                } while after != nil
                #expect(found == [newest.id, foreign])
            }
        }
    }

    @Test("whose job lost its prompt keeps no other job from being claimed either")
    func lostInput() async throws {
        try await withStore { store in
            let lost = NewJob.example(at: 1_900_000_000_000)
            let other = NewJob.example(at: 1_900_000_000_001)
            for job in [lost, other] { _ = try await store.submit(job) }
            _ = try await store.write(Ask(sql: "DELETE FROM job_input WHERE job = 1"))
            let request = ClaimRequest(
                group: JobGroup(lane: .bulk, operation: .chat, route: "gpt"),
                boot: .mine,
                now: .later,
                starts: [.example]
            )
            var batch = try await store.claim(request)
            guard let claim = batch.next() else { throw Missing() }
            #expect(claim.job.id == other.id)
            _ = await store.release(claim, at: .later)
            let dead = try #require(try await store.job(lost.id, owner: nil))
            #expect((dead.state, dead.errorClass) == (.dead, .corrupt))
        }
    }

    struct Missing: Error {}

    /// A store with two jobs, queued or running, the older of which has a foreign word.
    private func withForeign(
        _ column: String?,
        isRunning: Bool = false,
        _ body: @Sendable (_ foreign: JobID, _ other: JobID, SQLiteStore) async throws -> Void
    ) async throws {
        try await withStore { store in
            let foreign = NewJob.example(at: 1_900_000_000_000)
            let other = NewJob.example(at: 1_900_000_000_001)
            for job in [foreign, other] { _ = try await store.submit(job) }
            if isRunning {
                let request = ClaimRequest(
                    group: JobGroup(lane: .bulk, operation: .chat, route: "gpt"),
                    boot: .mine,
                    now: .later,
                    starts: [.example, .example]
                )
                var batch = try await store.claim(request)
                while let claim = batch.next() { claim.abandon() }
            }
            if let column { try await spoil(column, store) }
            try await body(foreign.id, other.id, store)
        }
    }

    /// Gives the older job a word of another version, which has counted it by that.
    private func spoil(_ column: String, _ store: SQLiteStore) async throws {
        _ = try await store.write(Ask(sql: "UPDATE job SET \(column) = 'foreign' WHERE seq = 1"))
        let kinds = ["state", "entry", "lane", "type", "request_format", "route", "owner"]
        guard kinds.contains(column) else { return }
        let values = kinds.map { $0 == column ? "'foreign'" : $0 }.joined(separator: ", ")
        _ = try await store.write(Ask(sql: "UPDATE job_count SET jobs = 1"))
        _ = try await store.write(Ask(sql: "INSERT INTO job_count SELECT \(values), 1 FROM job_count"))
    }
}
