import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("A breaker")
struct BreakerTests {
    private static let a = OwnerID(rawValue: "a")
    private static let b = OwnerID(rawValue: "b")

    private func job(_ number: Int) -> JobID {
        var random = Fixed(number: UInt64(number))
        return JobID.generate(at: Timestamp(milliseconds: 1), using: &random)
    }

    /// A breaker that failures of so many jobs of one owner have met at `uptime`.
    private func failing(_ count: Int, of owner: OwnerID = a, at uptime: Duration = .zero) -> Breaker {
        var breaker = Breaker()
        for number in 0..<count { breaker.noteFailure(of: job(number), owner, probe: nil, at: uptime) }
        return breaker
    }

    @Test("opens at the fifth failure in a row, and at no earlier one")
    func opens() {
        #expect(!failing(4).isOpen)
        #expect(failing(5).isOpen)
        #expect(failing(5).opensIn(at: .seconds(1)) == .seconds(4))
        var answered = failing(4)
        answered.noteAnswer(to: Self.a, at: .zero)
        answered.noteFailure(of: job(4), Self.a, probe: nil, at: .zero)
        #expect(!answered.isOpen)
    }

    @Test("counts each job once")
    func once() {
        var breaker = Breaker()
        for _ in 0..<50 { breaker.noteFailure(of: job(1), Self.a, probe: nil, at: .zero) }
        #expect(!breaker.isOpen)
    }

    @Test("is not opened by one owner's failures while another calls")
    func oneOfSeveral() {
        var breaker = Breaker()
        breaker.noteAnswer(to: Self.b, at: .zero)
        for number in 0..<50 { breaker.noteFailure(of: job(number), Self.a, probe: nil, at: .seconds(30)) }
        #expect(!breaker.isOpen)
        breaker.noteFailure(of: job(99), Self.b, probe: nil, at: .seconds(31))
        #expect(breaker.isOpen)
    }

    @Test("is opened by one owner's failures when no other has called for a minute")
    func alone() {
        var breaker = Breaker()
        breaker.noteAnswer(to: Self.b, at: .zero)
        for number in 0..<5 { breaker.noteFailure(of: job(number), Self.a, probe: nil, at: .seconds(61)) }
        #expect(breaker.isOpen)
    }

    @Test("that one owner opened lets another's calls through, until one of them fails too")
    func stranger() {
        var breaker = failing(5)
        #expect(!breaker.admits(Self.a, at: .seconds(1)))
        #expect(!breaker.admits(nil, at: .seconds(1)))
        #expect(breaker.admits(Self.b, at: .seconds(1)))
        breaker.noteFailure(of: job(9), Self.b, probe: nil, at: .seconds(1))
        #expect(!breaker.admits(Self.b, at: .seconds(1)))
        #expect(breaker.opensIn(at: .seconds(1)) == .seconds(4))
    }

    @Test("lets one probe at a time through, and rests twice as long after each that fails, a minute at most")
    func probes() throws {
        var breaker = failing(5)
        var now = Duration.seconds(5)
        for rest in [10, 20, 40, 60, 60] {
            #expect(breaker.admits(nil, at: now))
            let probeBegun = breaker.begin(at: now)
            let probe = try #require(probeBegun)
            #expect(!breaker.admits(nil, at: now))
            let another = breaker.begin(at: now)
            #expect(another == nil)
            breaker.noteFailure(of: job(rest), Self.a, probe: probe, at: now)
            breaker.endProbe(begun: probe)
            #expect(breaker.opensIn(at: now) == .seconds(rest))
            #expect(!breaker.admits(nil, at: now + .seconds(rest) - .milliseconds(1)))
            now += .seconds(rest)
        }
        breaker.noteAnswer(to: Self.a, at: now)
        #expect(!breaker.isOpen)
        #expect(breaker.opensIn(at: now) == nil)
    }

    @Test("is not held up by a probe that ended without a word, or by one that hangs")
    func lostProbe() throws {
        var breaker = failing(5)
        let firstBegun = breaker.begin(at: .seconds(5))
        let first = try #require(firstBegun)
        breaker.endProbe(begun: first)
        let secondBegun = breaker.begin(at: .seconds(6))
        let second = try #require(secondBegun)
        #expect(!breaker.admits(nil, at: .seconds(35)))
        #expect(breaker.admits(nil, at: .seconds(36)))
        let thirdBegun = breaker.begin(at: .seconds(36))
        let third = try #require(thirdBegun)
        // What the hanging one comes to in the end is news to nobody.
        breaker.noteFailure(of: job(7), Self.a, probe: second, at: .seconds(37))
        breaker.endProbe(begun: second)
        #expect(!breaker.admits(nil, at: .seconds(37)))
        breaker.endProbe(begun: third)
        #expect(breaker.admits(nil, at: .seconds(37)))
    }

    @Test("learns nothing from calls that were under way when it opened")
    func underWay() {
        var breaker = failing(5)
        for number in 5..<50 { breaker.noteFailure(of: job(number), Self.a, probe: nil, at: .seconds(1)) }
        #expect(breaker.opensIn(at: .seconds(1)) == .seconds(4))
    }

    /// Gives the same number for ever.
    private struct Fixed: RandomNumberGenerator {
        var number: UInt64
        mutating func next() -> UInt64 { number }
    }
}

@Suite("The states of a row's models")
struct ModelStatesTests {
    @Test("are as many as there is room for, and the idle ones go first")
    func bounded() {
        var states = ModelStates()
        states.change("limited", at: .zero) { _ = $0.window.close(for: .seconds(60), guessing: .seconds(5), at: .zero) }
        for number in 0..<ModelStates.most * 3 { states.change("m\(number)", at: .zero) { _ in } }
        #expect(states.all.count <= ModelStates.most)
        #expect(states["limited"].window.closedFor(at: .seconds(1)) == .seconds(59))
        #expect(states["unknown"].isIdle(at: .zero))
    }
}
