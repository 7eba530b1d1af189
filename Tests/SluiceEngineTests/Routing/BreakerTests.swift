import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("A breaker")
struct BreakerTests {
    /// A breaker after these calls, one a second: `a` and `b` are failures of these owners, `A` and `B` answers; each is a
    /// job of its own.
    private static func after(_ calls: String) -> Breaker {
        var breaker = Breaker()
        for (number, call) in calls.enumerated() { note(call, number, to: &breaker) }
        return breaker
    }

    private static func note(_ call: Character, _ number: Int, to breaker: inout Breaker, probe: Duration? = nil) {
        let owner = OwnerID(rawValue: call.lowercased())
        if call.isUppercase {
            breaker.noteWell(.numbered(number), of: owner)
        } else {
            breaker.noteFailure(.numbered(number), of: owner, probe: probe, at: .seconds(number))
        }
    }

    @Test(
        "opens after five failures in a row, or when half of the last twenty failed, for whom they concern",
        arguments: [
            ("", nil), ("aaaa", nil), ("aaaaa", .owner(.a)), ("aaaaAaaaa", nil), ("AAAAAaaaaa", .owner(.a)),
            // Another owner's answer in between says that it lies in what the first one sends.
            ("aaaaBaaaaBaaaa", nil), ("BBBBBBBBBBBBBBBaaaaa", .owner(.a)),
            // Where another fails as well it is the provider.
            ("aabaa", .all), ("abcde", .all), ("aaaab", .all), ("baaaa", .all),
            // One failure of another, who is else answered, tells nothing.
            ("BBBBBBBBaaaab", .owner(.a)),
            // Half of the last twenty, and not of fewer.
            ("aBaBaBaBaBaBaBaBaBa", nil), ("BaBaBaBaBaBaBaBaBaBa", .owner(.a)), ("ABabABabABabABabABab", .all),
            ("aBaBaBaBaBaBaBaBaBBB", nil),
        ] as [(String, Affected?)]
    )
    func opens(calls: String, expected: Affected?) {
        #expect(Self.after(calls).affected == expected)
    }

    @Test("counts each job once")
    func once() {
        var breaker = Breaker()
        for second in 0..<50 { breaker.noteFailure(.numbered(1), of: .a, probe: nil, at: .seconds(second)) }
        #expect(breaker.affected == nil)
    }

    @Test("holds up those whom it concerns, and nobody else until one of their calls fails too")
    func affected() {
        var breaker = Self.after("aaaaa")
        #expect(breaker.passage(of: .a, at: .seconds(5)) == .shut(.seconds(4)))
        #expect(breaker.passage(of: .b, at: .seconds(5)) == .open)
        #expect(breaker.passage(of: nil, at: .seconds(5)) == .open)
        #expect(breaker.isOpen(to: .a) && !breaker.isOpen(to: .b))
        breaker.noteFailure(.numbered(9), of: .a, probe: nil, at: .seconds(6))
        #expect(breaker.affected == .owner(.a))
        breaker.noteFailure(.numbered(10), of: .b, probe: nil, at: .seconds(6))
        #expect(breaker.passage(of: .b, at: .seconds(6)) == .shut(.seconds(3)))
        #expect(breaker.passage(of: nil, at: .seconds(6)) == .shut(.seconds(3)))
    }

    @Test("lets one probe at a time through, and rests twice as long after each that fails, a minute at most")
    func probes() {
        var breaker = Self.after("aaaaa")
        var now = Duration.seconds(9)
        for rest in [10, 20, 40, 60, 60] {
            #expect(breaker.passage(of: .a, at: now) == .probe)
            let mark = breaker.beginProbe(at: now)
            #expect(breaker.passage(of: .a, at: now) == .shut(nil))
            breaker.noteFailure(.numbered(rest), of: .a, probe: mark, at: now)
            breaker.endProbe(mark)
            #expect(breaker.passage(of: .a, at: now) == .shut(.seconds(rest)))
            now += .seconds(rest)
        }
        same(breaker.noteWell(.numbered(99), of: .a), .owner(.a))
        #expect(breaker.passage(of: .a, at: now) == .open)
        #expect(breaker.isIdle)
    }

    @Test("is closed by any answer, and begins anew: the failures before count no more")
    func closes() {
        var breaker = Self.after("aaaaa")
        same(breaker.noteWell(.numbered(9), of: .b), .owner(.a))
        for number in 10..<14 { Self.note("a", number, to: &breaker) }
        #expect(breaker.affected == nil)
        Self.note("a", 14, to: &breaker)
        #expect(breaker.affected == .owner(.a))
    }

    @Test("is not held up by a probe that ended without a word, or by one that hangs")
    func lostProbe() {
        var breaker = Self.after("aaaaa")
        let first = breaker.beginProbe(at: .seconds(9))
        breaker.endProbe(first)
        let second = breaker.beginProbe(at: .seconds(10))
        #expect(breaker.passage(of: .a, at: .seconds(39)) == .shut(nil))
        #expect(breaker.passage(of: .a, at: .seconds(40)) == .probe)
        let third = breaker.beginProbe(at: .seconds(40))
        // What the hanging one comes to in the end is news to nobody.
        breaker.noteFailure(.numbered(7), of: .a, probe: second, at: .seconds(41))
        breaker.endProbe(second)
        #expect(breaker.passage(of: .a, at: .seconds(41)) == .shut(nil))
        breaker.endProbe(third)
        #expect(breaker.passage(of: .a, at: .seconds(41)) == .probe)
    }

    @Test("learns nothing from calls that were under way when it opened")
    func underWay() {
        var breaker = Self.after("aaaaa")
        for number in 5..<50 { breaker.noteFailure(.numbered(number), of: .a, probe: nil, at: .seconds(5)) }
        #expect(breaker.passage(of: .a, at: .seconds(5)) == .shut(.seconds(4)))
    }
}

@Suite("What is known of models")
struct BoundedStatesTests {
    @Test("has room for so many, and the idle ones go first")
    func bounded() {
        var states = BoundedStates(0, most: 100) { $0 == 0 }
        states.change("known") { $0 = 7 }
        for number in 0..<1000 { states.change("m\(number)") { _ in } }
        #expect(states.all.count <= 100)
        #expect(states["known"] == 7)
        for number in 0..<1000 { states.change("m\(number)") { $0 = 1 } }
        #expect(states.all.count <= 100)
        #expect(states["never seen"] == 0)
    }
}

extension OwnerID {
    static let a = OwnerID(rawValue: "a")
    static let b = OwnerID(rawValue: "b")
}

extension JobID {
    /// The job of that number.
    static func numbered(_ number: Int) -> JobID {
        var random = Fixed(number: UInt64(number))
        return JobID.generate(at: Timestamp(milliseconds: 1), using: &random)
    }

    /// Gives the same number for ever.
    private struct Fixed: RandomNumberGenerator {
        var number: UInt64
        mutating func next() -> UInt64 { number }
    }
}
