import SluiceProvider
import SluiceStore
import SluiceTesting
import SluiceTypes
import Synchronization
import Testing

@testable import SluiceEngine

@Suite("Until when an answer is waited for")
struct AnswerEndTests {
    @Test("two seconds behind its last event, and ten behind its finish")
    func due() {
        var end = AnswerEnd(finishedAt: .seconds(100))
        #expect(end.due == .seconds(102))
        for (event, expected) in [(101, 103), (103, 105), (107, 109), (109, 110), (110, 110), (200, 110)] {
            end.noteEvent(at: .seconds(event))
            #expect(end.due == .seconds(expected))
        }
    }

    @Test("a stream is silent once for each pause, and a sound begins a new one")
    func quiet() {
        var quiet = QuietTime(.seconds(10), at: .zero)
        var alarms = [quiet.nextAlarm(at: .zero), quiet.nextAlarm(at: .seconds(5))]
        quiet.noteSound(at: .seconds(6))
        var silences = [quiet.isOver(at: .seconds(10))]
        alarms.append(quiet.nextAlarm(at: .seconds(10)))
        silences += [quiet.isOver(at: .seconds(16)), quiet.isOver(at: .seconds(16))]
        alarms.append(quiet.nextAlarm(at: .seconds(16)))
        #expect(alarms == [.seconds(10), nil, .seconds(16), .seconds(26)])
        #expect(silences == [false, true, false])
    }

    @Test("an answer begins with its content, or behind so many events that nobody can hold them back")
    func beginning() {
        var beginning = AnswerBeginning()
        beginning.note(.text, .content, 9)
        for _ in 0..<16 { beginning.note(.upstream, .preamble, 1 << 10) }
        #expect(!beginning.isBegun)
        beginning.note(.upstream, .preamble, 1)
        #expect(beginning.isBegun)
        for stage in [LogEntry.Stage.content, .ending] {
            var beginning = AnswerBeginning()
            beginning.note(.upstream, stage, 0)
            #expect(beginning.isBegun)
        }
    }

    @Test("an answer whose first events repeat a long request has not begun by their length")
    func longPreamble() {
        var beginning = AnswerBeginning()
        for _ in 0..<16 { beginning.note(.upstream, .preamble, 200 << 10) }
        #expect(!beginning.isBegun)
        beginning.note(.upstream, .preamble, 200 << 10)
        #expect(beginning.isBegun)
    }

    @Test("an answer without content begins with its finish, and not with a mark that stands behind none")
    func finish() {
        var beginning = AnswerBeginning()
        for kind in [LogEntry.Kind.start, .upstream, .usage, .terminal, .error] { beginning.note(kind, .preamble, 9) }
        #expect(!beginning.isBegun)
        beginning.note(.finish, .ending, 4)
        #expect(beginning.isBegun)
    }

    @Test("what answers in the provider's place is told once an hour")
    func misplacement() {
        var known: Misplacement?
        var told: [Int] = []
        for minute in stride(from: 0, through: 180, by: 20) {
            var news = Misplacement("https://a/b", status: minute == 0 ? nil : 404, after: known)
            if news.isToTell(at: .seconds(60 * minute)) { told.append(minute) }
            known = news
            known?.isOver = minute.isMultiple(of: 40)
        }
        #expect(told == [0, 60, 120, 180])
        #expect(known?.sentence == "misconfigured: https://a/b answered with 404, which is not the provider's API")
    }

    @Test("alarms go off in the order of their moments, whatever the order in which they are set")
    func alarms() async throws {
        let clock = ManualClock()
        let time = EngineTime(now: { .now() }, clock: clock)
        let alarms = AlarmClock(time)
        let rung = Mutex<[Int]>([])
        for second in [30, 10, 20, 10] { alarms.set(at: .seconds(second)) { rung.withLock { $0.append(second) } } }
        for expected in [[10, 10], [10, 10, 20], [10, 10, 20, 30]] {
            try await clock.waitForSleepers(1)
            clock.advance(by: .seconds(10))
            while rung.withLock({ $0 }) != expected { await Task.yield() }
        }
        // Within one grain all is one.
        alarms.set(at: clock.now.sinceStart + .milliseconds(1)) { rung.withLock { $0.append(1) } }
        try await clock.waitForSleepers(1)
        clock.advance(by: .milliseconds(1))
        #expect(clock.sleepers == 1)
        clock.advance(by: AlarmClock.grain)
        while rung.withLock({ $0.last }) != 1 { await Task.yield() }
    }
}
