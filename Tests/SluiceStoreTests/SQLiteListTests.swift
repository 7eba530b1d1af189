import GRDB
import SluiceStore
import SluiceTypes
import Testing

@testable import SluiceSQLite

@Suite("Lists of few among many in the SQLite store")
struct SQLiteListTests {
    /// A list, by whose it is and of what state; where it is of all, of what has an index for it.
    static let lists: [(owner: OwnerID?, state: JobState)] =
        JobState.allCases.map { (OwnerID(rawValue: "ada"), $0) } + [(nil, .running), (nil, .dead)]

    @Test("few of a state are listed in as many steps, however many others there are", arguments: lists)
    func few(owner: OwnerID?, state: JobState) async throws {
        var settings = SQLiteSettings.standard
        settings.readers = 1
        try await withStore(settings: settings) { store in
            for _ in 0..<3 { try await store.make(state) }
            var steps: [Int64] = []
            for many in [50, 1_000] {
                // What is cancelled is not among what is queued, and the other way round.
                try await store.make(state == .queued ? .cancelled : .queued, many)
                let query = JobQuery(owner: owner, state: state, limit: 20)
                steps.append(
                    try await store.read { db in
                        _ = try db.list(query)
                        _ = db.takeSteps()
                        #expect(try db.list(query).count == 3)
                        return db.takeSteps()
                    }
                )
            }
            #expect(steps.first == steps.last)
        }
    }
}

extension SQLiteStore {
    /// Makes Ada's jobs of that state.
    fileprivate func make(_ state: JobState, _ count: Int) async throws {
        try await withThrowingTaskGroup { group in
            for _ in 0..<count { group.addTask { try await self.make(state) } }
            try await group.waitForAll()
        }
    }

    fileprivate func make(_ state: JobState) async throws {
        let job = NewJob.example()
        guard state == .running || state == .succeeded || state == .dead else {
            _ = try await submit(job)
            if state == .cancelled { _ = try await cancel(job.id, owner: nil, at: .later, audit: nil) }
            return
        }
        guard case .started(let claim) = try await submitRunning(job, start: .example, boot: .mine) else { return }
        switch state {
        case .succeeded: _ = await succeed(claim, .example)
        case .dead:
            _ = await fail(
                claim,
                Failure(report: .init(endedAt: .later, errorClass: .invalidRequest), counts: false, retryAt: nil)
            )
        default: _ = claim.spend()
        }
    }
}
