import SluiceJSON
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("Owners' turns")
struct OwnerTurnTests {
    private static func group(_ route: String, _ owners: Set<OwnerID>, at seconds: Int64 = 0) -> GroupState {
        let group = JobGroup(lane: .bulk, operation: .chat, route: route)
        return GroupState(group: group, nextRunAt: Timestamp(milliseconds: seconds * 1000), owners: owners)
    }

    private static let c = OwnerID(rawValue: "c")

    @Test("go over all groups: one of each owner in a round, who was served longest ago first")
    func order() {
        let groups = [
            Self.group("a1", [.a], at: 1), Self.group("a2", [.a], at: 2), Self.group("a3", [.a], at: 3),
            Self.group("b1", [.b], at: 9), Self.group("c1", [Self.c], at: 8),
        ]
        var turns = OwnerTurns()
        #expect(turns.order(groups).map(\.group.route) == ["a1", "c1", "b1", "a2", "a3"])
        turns.served(.a)
        #expect(turns.order(groups).map(\.group.route) == ["c1", "b1", "a1", "a2", "a3"])
        turns.served(Self.c)
        #expect(turns.order(groups).map(\.group.route) == ["b1", "a1", "c1", "a2", "a3"])
    }

    @Test(
        "give a group that several owners share to the first of them, once; one of whom nothing is told has a turn too"
    )
    func shared() {
        let groups = [Self.group("ab", [.a, .b], at: 1), Self.group("a", [.a], at: 2), Self.group("?", [], at: 3)]
        var turns = OwnerTurns()
        #expect(Set(turns.order(groups).map(\.group.route)) == ["ab", "a", "?"])
        turns.served(.a)
        #expect(
            turns.order(groups).map(\.group.route).prefix(2) == ["?", "ab"]
                || turns.order(groups)[0].group.route == "ab"
        )
        #expect(turns.order(groups).count == 3)
    }
}

@Suite("The lanes' shares")
struct LaneShareTests {
    @Test("interactive jobs go first, and of ten places one is for bulk jobs that wait")
    func shares() {
        var shares = LaneShares()
        #expect(shares.allowed(.bulk, in: 0, count: 4, othersWait: false) == 4)
        var begun: [Lane] = []
        for _ in 0..<40 {
            let lane: Lane = shares.allowed(.bulk, in: 0, count: 1, othersWait: true) > 0 ? .bulk : .interactive
            #expect(lane == .bulk || shares.allowed(.interactive, in: 0, count: 1, othersWait: true) == 1)
            shares.noteBegun(lane, in: 0, count: 1, othersWait: true)
            begun.append(lane)
        }
        #expect(begun.count { $0 == .bulk } == 4)
        #expect(begun.prefix(9).allSatisfy { $0 == .interactive } && begun[9] == .bulk)
        // Another line counts for itself; and where nobody else waits nothing is counted.
        #expect(shares.allowed(.interactive, in: 1, count: 64, othersWait: true) == 9)
        shares.noteBegun(.interactive, in: 1, count: 64, othersWait: false)
        #expect(shares.allowed(.bulk, in: 1, count: 4, othersWait: true) == 0)
    }
}

/// The order in which queued jobs begin, where there are too few places.
@Suite("Queued jobs of many models", .timeLimit(.minutes(1)))
struct QueueOrderTests {
    /// A row that takes every model, with four places; each call is answered when the test says so.
    private static func rig() -> Rig {
        let settings = EngineSettings(grace: .zero, backoff: .zero)
        return Rig(rows: [Rig.row("row", models: ["*"], concurrency: 4)], settings: settings) { _, _ in
            ReplayScript([.hold, .head(200), .chunk(answer), .end])
        }
    }

    private static let answer =
        #"{"id":"1","choices":[{"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}"#

    private static func submit(_ rig: Rig, _ model: String, of owner: OwnerID, _ lane: Lane = .bulk) async throws {
        let body = #"{"type":"chat","model":"\#(model)","prompt":"hello"}"#
        _ = try await rig.engine.submit(rig.job(body, of: owner, model: model, lane: lane))
    }

    /// The models of the first `count` calls, each answered once it is there and the four before it are under way.
    private static func begun(_ rig: Rig, _ count: Int) async throws -> [String] {
        for number in 5...count {
            try await rig.transport.waitForCalls(number - 1)
            rig.transport.release(number - 4)
        }
        try await rig.transport.waitForCalls(count)
        return try (1...count).map { number in
            let body = try Document(rig.transport.calls[number - 1].body)
            return try #require(body.root[key: "model"]?.string)
        }
    }

    @Test("begin in turns of their owners, whatever their models")
    func turns() async throws {
        try await Self.rig().run { rig in
            for number in 0..<40 { try await Self.submit(rig, "a-\(number)", of: .a) }
            try await rig.transport.waitForCalls(4)
            try await Self.submit(rig, "b-0", of: .b)
            let begun = try await Self.begun(rig, 8)
            #expect(begun.contains("b-0"), "\(begun)")
        }
    }

    @Test("of the interactive lane go first, and one place in ten is for the others")
    func lanes() async throws {
        try await Self.rig().run { rig in
            for number in 0..<20 { try await Self.submit(rig, "bulk-\(number)", of: .a) }
            try await rig.transport.waitForCalls(4)
            for number in 0..<60 { try await Self.submit(rig, "fast-\(number)", of: .b, .interactive) }
            let begun = try await Self.begun(rig, 44).dropFirst(4)
            #expect((3...5).contains(begun.count { $0.hasPrefix("bulk") }), "\(begun)")
            #expect(begun.prefix(9).allSatisfy { $0.hasPrefix("fast") }, "\(begun)")
        }
    }

    @Test("begin though another owner is told apart and has nothing due, with as few places as there may be")
    func idleOwner() async throws {
        let silence = ReplayScript.failure(TransportError(.firstByteTimeout, requestSent: true, "no answer"))
        let settings = EngineSettings(backoff: .zero)
        try await Rig(rows: [Rig.row(concurrency: 1)], settings: settings) { _, number in
            number == 1 ? silence : Rig.answer
        }.run { rig in
            // From now on the first owner has a pace of its own.
            let lost = try await rig.ended(rig.submit(of: .a, onUnknown: .deadLetter), of: .a)
            #expect(lost.state == .dead)
            let job = try await rig.ended(rig.submit(of: .b), of: .b)
            #expect(job.state == .succeeded)
        }
    }
}
