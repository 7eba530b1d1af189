import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("A window")
struct WindowTests {
    private static let guess = Duration.seconds(5)

    @Test(
        "is shut for as long as the provider asks, within bounds",
        arguments: [
            (.seconds(30), .seconds(30)), (.seconds(31_536_000), .seconds(900)), (.zero, .milliseconds(100)),
            (.milliseconds(20), .milliseconds(100)), (nil, .seconds(5)),
        ] as [(Duration?, Duration)]
    )
    func closes(wish: Duration?, expected: Duration) {
        var window = Window()
        same(window.close(for: wish, guessing: Self.guess, to: .a, at: .seconds(1)), expected)
        #expect(window.passage(of: .a, at: .seconds(1)) == .shut(expected))
        #expect(window.passage(of: .a, at: .seconds(1) + expected) == .probe)
    }

    @Test(
        "is shut for twice as long each time that its end was none, a minute at most, until an answer comes",
        arguments: [(nil, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]), (.zero, [100, 200, 400, 800])]
            as [(Duration?, [Int])]
    )
    func doubles(wish: Duration?, pauses: [Int]) {
        var window = Window()
        var now = Duration.zero
        for pause in pauses {
            same(window.close(for: wish, guessing: Self.guess, to: .a, at: now), .milliseconds(pause))
            now += .milliseconds(pause)
            _ = window.beginProbe(at: now)
        }
        same(window.noteWell(of: .a, at: now), .owner(.a))
        same(window.close(for: wish, guessing: Self.guess, to: .a, at: now), .milliseconds(pauses[0]))
    }

    @Test("lets one call go at its end, and the others when that is answered")
    func halfOpen() {
        var window = Window()
        _ = window.close(for: .seconds(2), guessing: Self.guess, to: .a, at: .zero)
        let mark = window.beginProbe(at: .seconds(2))
        #expect(window.passage(of: .a, at: .seconds(3)) == .shut(nil))
        #expect(window.passage(of: .a, at: .seconds(32)) == .probe)
        window.endProbe(mark)
        #expect(window.passage(of: .a, at: .seconds(3)) == .probe)
        same(window.noteWell(of: .a, at: .seconds(3)), .owner(.a))
        #expect(window.passage(of: .a, at: .seconds(3)) == .open)
    }

    @Test("is not opened before its end by calls that were under way")
    func early() {
        var window = Window()
        _ = window.close(for: .seconds(10), guessing: Self.guess, to: .a, at: .zero)
        same(window.noteWell(of: .a, at: .seconds(9)), nil)
        #expect(window.passage(of: .a, at: .seconds(9)) == .shut(.seconds(1)))
    }

    @Test("is of the owner alone who met it, until another meets it too")
    func owners() {
        var window = Window()
        _ = window.close(for: .seconds(10), guessing: Self.guess, to: .a, at: .zero)
        #expect(window.passage(of: .b, at: .zero) == .open)
        #expect(window.passage(of: nil, at: .zero) == .open)
        // That others are answered ends nothing for whom it is shut.
        same(window.noteWell(of: .b, at: .seconds(11)), nil)
        #expect(window.passage(of: .a, at: .seconds(11)) == .probe)
        _ = window.close(for: .seconds(3), guessing: Self.guess, to: .b, at: .seconds(1))
        #expect(window.passage(of: .b, at: .seconds(1)) == .shut(.seconds(9)))
        #expect(window.passage(of: nil, at: .seconds(1)) == .shut(.seconds(9)))
    }

    @Test("keeps the longest wish of answers that come in any order")
    func longest() {
        var window = Window()
        _ = window.close(for: .seconds(10), guessing: Self.guess, to: .a, at: .zero)
        same(window.close(for: .seconds(2), guessing: Self.guess, to: .a, at: .seconds(1)), .seconds(9))
        same(window.close(for: .seconds(20), guessing: Self.guess, to: .a, at: .seconds(1)), .seconds(20))
    }
}

@Suite("An account")
struct AccountStateTests {
    private func limited(_ models: [String], at seconds: [Int]) -> AccountState {
        var account = AccountState()
        for (model, second) in zip(models, seconds) {
            _ = account.close(model, for: .seconds(60), guessing: .seconds(5), to: .a, at: .seconds(second))
        }
        return account
    }

    @Test(
        "is limited as a whole when three of its models are within ten seconds",
        arguments: [
            (["x"], [0], false), (["x", "y"], [0, 1], false), (["x", "x", "x"], [0, 1, 2], false),
            (["x", "y", "z"], [0, 5, 10], true), (["x", "y", "z"], [0, 5, 11], false),
        ] as [([String], [Int], Bool)]
    )
    func whole(models: [String], seconds: [Int], expected: Bool) {
        let account = limited(models, at: seconds)
        #expect(account.passage(of: .a, for: "x", at: .seconds(12)) != .open)
        #expect((account.passage(of: .a, for: "other", at: .seconds(12)) != .open) == expected)
    }

    @Test("is limited as a whole when it has more windows than are kept")
    func crowded() {
        var account = AccountState()
        for number in 0...1000 {
            // So far apart that three in a row don't do it, and so long that none has ended.
            _ = account.close(
                "m\(number)",
                for: .seconds(900),
                guessing: .seconds(5),
                to: .a,
                at: .seconds(number * 6)
            )
        }
        #expect(account.passage(of: .a, for: "other", at: .seconds(6000)) != .open)
    }
}
