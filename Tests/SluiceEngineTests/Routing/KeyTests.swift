import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("A key")
struct KeyHealthTests {
    private static let each = Duration.seconds(60)

    private func passage(_ key: KeyHealth, _ model: String, _ seconds: Int) -> Passage {
        key.passage(for: model, each: Self.each, at: .seconds(seconds))
    }

    @Test("that is refused for one model goes on for others, while something goes well")
    func oneModel() {
        var key = KeyHealth()
        _ = key.noteWell("y", at: .zero)
        key.refuse("x", .refused("HTTP 401"), at: .seconds(1))
        #expect(passage(key, "x", 2) == .shut(.seconds(59)))
        #expect(passage(key, "y", 2) == .open)
        #expect(key.model == "x")
    }

    @Test("is refused for all when a second model meets it, when nothing has gone well for a minute, and for money")
    func all() {
        var second = KeyHealth()
        _ = second.noteWell("z", at: .zero)
        second.refuse("x", .refused("HTTP 401"), at: .seconds(1))
        second.refuse("y", .refused("HTTP 401"), at: .seconds(2))
        var quiet = KeyHealth()
        _ = quiet.noteWell("z", at: .zero)
        quiet.refuse("x", .refused("HTTP 401"), at: .seconds(60))
        var fresh = KeyHealth()
        fresh.refuse("x", .refused("HTTP 401"), at: .seconds(1))
        var poor = KeyHealth()
        _ = poor.noteWell("z", at: .zero)
        poor.refuse("x", .money("HTTP 429"), at: .seconds(1))
        for key in [second, quiet, fresh, poor] {
            #expect(key.model == nil && key.reason != nil)
            if case .shut = passage(key, "other", 3) { continue }
            #expect(passage(key, "other", 61) != .open)
        }
    }

    @Test("is tried again each minute by one call, and any answer clears it")
    func probes() {
        var key = KeyHealth()
        key.refuse("x", .refused("HTTP 401"), at: .zero)
        #expect(passage(key, "x", 60) == .probe)
        let mark = key.beginProbe(at: .seconds(60))
        #expect(passage(key, "x", 61) == .shut(nil))
        key.refuse("x", .refused("HTTP 401"), at: .seconds(61))
        key.endProbe(mark)
        #expect(passage(key, "x", 62) == .shut(.seconds(59)))
        same(key.noteWell("y", at: .seconds(63)), true)
        #expect(passage(key, "x", 63) == .open)
    }

    @Test("that is refused for one model is not cleared by another's answer")
    func kept() {
        var key = KeyHealth()
        _ = key.noteWell("y", at: .zero)
        key.refuse("x", .refused("HTTP 401"), at: .seconds(1))
        same(key.noteWell("y", at: .seconds(2)), false)
        #expect(passage(key, "x", 3) != .open)
        key.clear()
        #expect(passage(key, "x", 3) == .open)
    }
}

@Suite("A suspicion")
struct SuspicionTests {
    private func suspicion(_ jobs: [Int]) -> Suspicion {
        var suspicion = Suspicion()
        for job in jobs { suspicion.note(.numbered(job)) }
        return suspicion
    }

    @Test(
        "is raised by three different jobs in a row",
        arguments: [([1, 2], false), ([1, 1, 1, 1], false), ([1, 2, 3], true), ([1, 2, 1, 3], true)]
    )
    func raised(jobs: [Int], expected: Bool) {
        #expect(suspicion(jobs).isRaised == expected)
    }

    @Test("lets one job of the queue go at once and then one a minute, until the first answer")
    func sends() {
        var raised = suspicion([1, 2, 3])
        #expect(raised.passage(at: .seconds(1)) == .probe)
        raised.noteSent(at: .seconds(1))
        #expect(raised.passage(at: .seconds(2)) == .shut(.seconds(59)))
        #expect(raised.passage(at: .seconds(61)) == .probe)
        let mark = raised.beginProbe(at: .seconds(61))
        #expect(raised.passage(at: .seconds(61)) == .shut(nil))
        raised.endProbe(mark)
        #expect(raised.passage(at: .seconds(61)) == .probe)
        same(raised.clear(), true)
        #expect(raised.passage(at: .seconds(62)) == .open)
        raised.note(.numbered(1))
        #expect(!raised.isRaised)
        same(raised.clear(), false)
    }
}

@Suite("An origin")
struct OriginHealthTests {
    private func origin(_ failures: Int) -> OriginHealth {
        var origin = OriginHealth()
        for second in 0..<failures { origin.noteUnreachable(probe: nil, at: .seconds(second)) }
        return origin
    }

    @Test("is away after three connections in a row that could not be made")
    func away() {
        #expect(origin(2).passage(at: .seconds(2)) == .open)
        #expect(origin(3).passage(at: .seconds(2)) == .shut(.seconds(5)))
        var mixed = origin(2)
        same(mixed.noteConnected(), false)
        mixed.noteUnreachable(probe: nil, at: .seconds(3))
        #expect(mixed.passage(at: .seconds(3)) == .open)
    }

    @Test("is tried by one connection at a time, and is back with the first that is made")
    func probes() {
        var away = origin(3)
        let mark = away.beginProbe(at: .seconds(7))
        #expect(away.passage(at: .seconds(7)) == .shut(nil))
        // Those that were under way tell nothing new.
        away.noteUnreachable(probe: nil, at: .seconds(8))
        #expect(away.passage(at: .seconds(8)) == .shut(nil))
        away.noteUnreachable(probe: mark, at: .seconds(8))
        #expect(away.passage(at: .seconds(8)) == .shut(.seconds(10)))
        same(away.noteConnected(), true)
        #expect(away.passage(at: .seconds(9)) == .open)
    }
}

@Suite("A pace")
struct PaceTests {
    /// `.` an answer, `!` a complaint, `^` an end of a window; all of its places are in use.
    private func limit(_ events: String) -> Int {
        var pace = Pace()
        for event in events {
            switch event {
            case ".": pace.noteAnswer(running: pace.limit)
            case "!": pace.halve()
            default: pace.beginAnew()
            }
        }
        return pace.limit
    }

    @Test(
        "begins with sixteen, grows with each answer, is halved by a complaint, and begins anew at an end",
        arguments: [
            ("", 16), ("....", 20), ("!", 8), ("!!!!!!!!!", 1), ("...............!", 15), ("!^", 16), ("....^", 16),
            // Where the beginning itself was too much the next one is half of it, until one was answered.
            ("^!^", 8), ("^!^!^", 4), ("^!^........^", 16), ("^................!^", 16),
        ]
    )
    func limits(events: String, expected: Int) {
        #expect(limit(events) == expected)
    }

    @Test("does not grow where it is not in use")
    func unused() {
        var pace = Pace()
        for _ in 0..<100 { pace.noteAnswer(running: 7) }
        #expect(pace.limit == 16)
    }
}

@Suite("A ramp")
struct RampTests {
    private static let c = OwnerID(rawValue: "c")

    /// A ramp at which so many jobs of each owner are under way.
    private func ramp(_ running: [OwnerID: Int]) -> Ramp {
        var ramp = Ramp()
        for (owner, count) in running {
            ramp.take(count)
            for _ in 0..<count { ramp.begin(owner) }
        }
        return ramp
    }

    @Test(
        "lets sixteen begin, and leaves half as many again to others where one owner holds half of them",
        arguments: [
            ([:], 16, 16, []), ([.a: 7], 9, 9, []), ([.a: 8], 8, 8, [.a]), ([.a: 16], 8, 0, [.a]),
            ([.a: 16, c: 4], 4, 0, [.a]), ([.a: 16, c: 8], 0, 0, [.a, c]), ([.a: 6, c: 6, .b: 4], 0, 0, []),
        ] as [([OwnerID: Int], Int, Int, Set<OwnerID>)]
    )
    func rooms(running: [OwnerID: Int], unnamed: Int, mine: Int, named: Set<OwnerID>) {
        let ramp = ramp(running)
        #expect(ramp.room(for: nil) == unnamed)
        #expect(ramp.room(for: .a) == mine)
        #expect(Set(ramp.named) == named)
    }

    @Test("is slowed for the owner alone of whose calls the provider complains, and for all when it complains of two")
    func complaints() {
        var ramp = ramp([.a: 1, .b: 1])
        for _ in 0..<3 { ramp.halve(for: .a) }
        #expect((ramp.limit, ramp.room(for: .a), ramp.room(for: .b)) == (16, 1, 14))
        #expect(ramp.named == [.a])
        ramp.halve(for: .b)
        #expect(ramp.limit == 8)
        // An answer to one says that it lies in what the other sends.
        ramp.noteAnswer(of: Self.c)
        ramp.halve(for: .a)
        #expect(ramp.limit == 8)
    }

    @Test("grows for all and for the owner who is answered, and begins anew for whom a window ends")
    func answers() {
        var ramp = ramp([.a: 16])
        for _ in 0..<16 { ramp.noteAnswer(of: .a) }
        #expect((ramp.limit, ramp.room(for: .a)) == (32, 16))
        ramp.halve(for: .a)
        #expect(ramp.room(for: .a) == 0)
        ramp.beginAnew(for: .owner(.a))
        #expect((ramp.limit, ramp.room(for: .a)) == (32, 0))
        ramp.beginAnew(for: .all)
        #expect(ramp.limit == 16)
    }

    @Test("forgets owners who have nothing under way")
    func forgets() {
        var ramp = ramp([.a: 2])
        for _ in 0..<2 { ramp.end(.a) }
        ramp.giveBack(2)
        #expect(ramp.isIdle)
        ramp.end(.b)
        ramp.giveBack(5)
        #expect(ramp.running == 0)
    }
}

@Suite("What may pass")
struct PassageTests {
    @Test(
        "is decided by whatever is shut the longest",
        arguments: [
            (.open, .open, .open), (.open, .probe, .probe), (.probe, .probe, .probe),
            (.shut(.seconds(1)), .open, .shut(.seconds(1))), (.probe, .shut(nil), .shut(nil)),
            (.shut(.seconds(1)), .shut(.seconds(2)), .shut(.seconds(2))),
            (.shut(nil), .shut(.seconds(2)), .shut(.seconds(2))),
        ] as [(Passage, Passage, Passage)]
    )
    func both(left: Passage, right: Passage, expected: Passage) {
        #expect(left.and(right) == expected)
        #expect(right.and(left) == expected)
    }
}

@Suite("Calls under way")
struct UnderWayTests {
    @Test("leave half of all places to other rows and owners, and a quarter to calls")
    func bounds() {
        var calls = UnderWay(most: 100)
        calls.add(50, row: 0, member: 0, isQueued: true)
        #expect(calls.room(ofRow: 0, allowing: nil) == 0)
        #expect(calls.room(ofRow: 1, allowing: nil) == 50)
        #expect(calls.room(ofRow: 1, allowing: 7) == 7)
        #expect((calls.room(isQueued: true), calls.room(isQueued: false)) == (25, 50))
        calls.add(25, row: 1, member: 1, isQueued: true)
        #expect((calls.room(isQueued: true), calls.room(isQueued: false)) == (0, 25))
        for _ in 0..<50 { calls.begin(.a) }
        // Half of all places are at row 0: what is asked of another has a quarter more.
        #expect(
            (calls.room(of: .a, atRow: 0), calls.room(of: .a, atRow: 1), calls.room(of: .b, atRow: 0)) == (0, 25, 50)
        )
        #expect(calls.fullOwners == [.a])
        calls.end(.a)
        calls.end(.b)
        #expect((calls.room(of: .a, atRow: 0), calls.room(of: .b, atRow: 0)) == (1, 50))
        calls.begin(.a)
        calls.add(-1, row: 0, member: 0, isQueued: true)
        #expect(calls.room(of: .a, atRow: 1) == 0)
    }
}
