import GRDB
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceSQLite

/// What a claim costs the only writer where very many owners have jobs in one group.
@Suite("A crowd of owners in one group of the SQLite store")
struct SQLiteCrowdTests {
    private static let owners = 4_000
    /// A claim takes some 400 steps, and a walk past all owners 200,000 and more.
    private static let mostSteps: Int64 = 2_000

    /// The crowd waits in each of these: who of them may be served, and when whose jobs are due.
    enum Crowd: CaseIterable, Sendable {
        case allDue
        case oneDue
        case oneServed
    }

    @Test("a claim does not walk past the owners for whose jobs it has nothing", arguments: Crowd.allCases)
    func steps(_ crowd: Crowd) async throws {
        try await withStore { store in
            let names = (0..<SQLiteCrowdTests.owners).map { "o\(10_000 + $0)" }
            let chosen = OwnerID(rawValue: names[names.count / 2])
            let later = Timestamp.later.milliseconds + 3_600_000
            try await withThrowingTaskGroup { group in
                for name in names {
                    let isLate = crowd == .oneDue && name != chosen.rawValue
                    let moment = isLate ? later : Timestamp.later.milliseconds - 1
                    group.addTask {
                        for _ in 0..<2 { _ = try await store.submit(.example(owner: name, at: moment)) }
                    }
                }
                try await group.waitForAll()
            }
            var request = ClaimRequest(
                group: JobGroup(lane: .bulk, operation: .chat, route: "gpt"),
                boot: .mine,
                now: .later,
                starts: Array(repeating: .example, count: 1)
            )
            if crowd == .oneServed {
                for name in names where name != chosen.rawValue { request.named[OwnerID(rawValue: name)] = [] }
            }
            // The first one finds out who is there.
            _ = try await store.write(CountedClaim(claim: ClaimJobs(request: request)))
            let (steps, answer) = try await store.write(CountedClaim(claim: ClaimJobs(request: request)))
            #expect(answer.jobs.count == 1)
            #expect(answer.jobs.first?.facts.owner == chosen || crowd == .allDue)
            let none = try await store.write(CountedClaim(claim: ClaimJobs(request: request)))
            #expect(steps < SQLiteCrowdTests.mostSteps)
            #expect(none.steps < SQLiteCrowdTests.mostSteps)
        }
    }
}

/// A claim, and how many steps SQLite's machine took for it.
private struct CountedClaim: WriteOperation {
    var claim: ClaimJobs

    func run(_ db: Database, _ state: inout WriterState) throws -> (steps: Int64, answer: ClaimJobs.Answer) {
        _ = db.takeSteps()
        let answer = try claim.run(db, &state)
        return (db.takeSteps(), answer)
    }
}
