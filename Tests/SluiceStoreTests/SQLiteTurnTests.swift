import SluiceStore
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
        var batch = try await store.claim(
            ClaimRequest(
                group: JobGroup(lane: .bulk, operation: .chat, route: "gpt"),
                boot: .mine,
                now: .later,
                starts: Array(repeating: .example, count: places)
            )
        )
        var owners: [String] = []
        while let claim = batch.next() { owners.append(claim.spend().owner.rawValue) }
        return (owners.sorted(), batch.nextRunAt)
    }
}
