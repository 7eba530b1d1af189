import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceSQLite

@Suite("Turns and groups of the SQLite store")
struct SQLiteTurnTests {
    @Test("a full circle serves every owner once before anyone twice, and goes on where it stopped")
    func turns() async throws {
        try await withStore { store in
            for owner in ["a", "b", "c"] {
                for _ in 0..<3 { _ = try await store.submit(.example(owner: owner)) }
            }
            #expect(try await claim(store, places: 2).owners == ["a", "b"])
            #expect(try await claim(store, places: 2).owners == ["a", "c"])
            #expect(try await claim(store, places: 4).owners == ["a", "b", "b", "c"])
            let rest = try await claim(store, places: 4)
            #expect(rest.owners == ["c"])
            #expect(rest.nextRunAt == nil)
        }
    }

    @Test("an owner whose jobs are not due is passed over, and the circle tells when the next one is")
    func notDue() async throws {
        try await withStore { store in
            for (owner, moment) in [("a", 9), ("b", 0), ("c", 5), ("d", 0)] {
                _ = try await store.submit(
                    .example(owner: owner, at: Timestamp.later.milliseconds + Int64(moment))
                )
            }
            let claimed = try await claim(store, places: 9)
            #expect(claimed.owners == ["b", "d"])
            #expect(claimed.nextRunAt == Timestamp(milliseconds: Timestamp.later.milliseconds + 5))
        }
    }

    @Test("after each restart whoever has waited for longest is first, so that many restarts keep nobody from a turn")
    func restarts() async throws {
        try await withDirectory { directory in
            var moment = Timestamp.later.milliseconds - 1_000
            var served: [String] = []
            for life in 0..<4 {
                try await withStore(in: directory) { store in
                    if life == 0 { _ = try await store.submit(.example(owner: "zoe", at: moment + 2)) }
                    // Whoever asks most has always something due.
                    for _ in 0..<2 {
                        moment += 1
                        _ = try await store.submit(.example(owner: "ada", at: moment))
                    }
                    served += try await claim(store, places: 1).owners
                }
            }
            #expect(served == ["ada", "ada", "zoe", "ada"])
        }
    }

    @Test("what a batch that failed knew of turns is forgotten")
    func rollback() async throws {
        try await withStore { store in
            _ = try await store.submit(.example(owner: "ada"))
            _ = try await store.submit(.example(owner: "ada", at: Timestamp.later.milliseconds + 3_600_000))
            #expect(try await claim(store, places: 0).owners == [])
            let seen = ClaimJobs(request: request(places: 2))
            // The batch serves Ada, and so knows of nothing that is due, when it fails.
            _ = try await inOneBatch(store, [AnyOperation(seen), AnyOperation(BreakRule())])
            let counts = try await store.counts()
            #expect(counts[.running] == 1, "\(counts)")
        }
    }

    @Test("an owner's line follows what it is told", arguments: 1...20 as ClosedRange<UInt64>)
    func line(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var line = OwnerLine()
        var dueAt: [OwnerID: Timestamp] = [:]
        for second in 0..<2_000 as Range<Int64> {
            let now = Timestamp(milliseconds: second)
            let owner = OwnerID(rawValue: "o\(random.next() % 40)")
            let moment = Timestamp(milliseconds: second + Int64(random.next() % 30))
            line.note(owner, dueAt: moment)
            dueAt[owner] = min(dueAt[owner] ?? moment, moment)
            line.advance(to: now)
            var place = 0
            var standing: [OwnerID] = []
            while let owner = line.next(from: &place) { standing.append(owner) }
            let due = dueAt.filter { $0.value <= now }
            #expect(Set(standing) == Set(due.keys) && standing.count == due.count)
            let away = dueAt.filter { $0.value > now }.values.min()
            #expect(line.firstAway { _ in false }.flatMap { dueAt[$0] } == away)
            guard let first = standing.first else { continue }
            switch random.next() % 3 {
            case 0:
                line.leave(first)
                dueAt[first] = nil
            case 1:
                line.sendAway(first, until: moment.adding(.milliseconds(1)))
                dueAt[first] = moment.adding(.milliseconds(1))
            default: line.stepBehind(first)
            }
            #expect(line.isEmpty == dueAt.isEmpty)
        }
    }

    @Test("groups are found among many jobs and owners, each with its earliest moment")
    func groups() async throws {
        try await withStore { store in
            for number in 0..<60 {
                let at = 1_900_000_000_000 + Int64((number * 37) % 60)
                _ = try await store.submit(
                    .example(owner: "o\(number % 7)", model: "m\(number % 3)", at: at)
                )
            }
            let groups = try await store.groups()
            #expect(groups.map(\.group.route) == ["m0", "m1", "m2"])
            #expect(groups.map { $0.nextRunAt.milliseconds - 1_900_000_000_000 } == [0, 1, 2])
        }
    }

    @Test(
        "lists of texts come back as they were",
        arguments: [
            [], [""], ["", ""], ["a", "b*"], ["a\nb", "\\n", "\\", "\r\n", "é 🦀"],
        ]
    )
    func lineLists(lines: [String]) {
        #expect(LineList.lines(LineList.text(lines)) == lines)
    }

    /// The owners served, sorted, and when the next job is due.
    private func claim(
        _ store: SQLiteStore,
        places: Int
    ) async throws -> (owners: [String], nextRunAt: Timestamp?) {
        var batch = try await store.claim(request(places: places))
        var owners: [String] = []
        while let claim = batch.next() { owners.append(claim.spend().owner.rawValue) }
        return (owners.sorted(), batch.nextRunAt)
    }

    private func request(places: Int) -> ClaimRequest {
        ClaimRequest(
            group: JobGroup(lane: .bulk, operation: .chat, route: "gpt"),
            boot: .mine,
            now: .later,
            starts: Array(repeating: .example, count: places)
        )
    }
}
