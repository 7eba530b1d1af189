import SluiceProvider
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("A call under way")
struct LiveCallTests {
    /// Already gone, so that whoever waits is told at once what is there.
    private static let gone: Signal = {
        let signal = Signal()
        signal.fire()
        return signal
    }()

    private static func call() -> (run: JobRun, call: LiveCall) {
        let run = JobRun(.generate(at: Timestamp(milliseconds: 0)), epoch: 1, .call(commit: .beside))
        let time = EngineTime(now: { .now() }, clock: ManualClock())
        return (run, LiveCall(run, time, AlarmClock(time)))
    }

    private static func log(epoch: Int64 = 1, _ chunks: String...) -> JobLog {
        let log = JobLog(epoch: epoch, keepsChunks: true)
        log.append(chunks.map { .upstream(name: nil, Array($0.utf8), .content) })
        return log
    }

    @Test("shows no chunk before it is stored, however many have come")
    func stored() async {
        let (run, call) = Self.call()
        let log = Self.log("{}")
        run.begin(log, of: "up", at: .zero)
        #expect(await call.beginning(unless: Self.gone) == nil)
        run.noteStored()
        guard case .stream(let seen) = await call.beginning(unless: Self.gone) else {
            Issue.record("there is no stream")
            return
        }
        #expect(seen === log)
    }

    @Test("begins with the attempt that brings a chunk, or with its end where none does")
    func secondAttempt() async {
        let (run, call) = Self.call()
        run.noteStored()
        let first = Self.log()
        run.begin(first, of: "up", at: .zero)
        async let beginning = call.beginning()
        first.close()
        let second = Self.log(epoch: 2, "{}")
        run.begin(second, of: "up", at: .zero)
        guard case .stream(let seen) = await beginning else {
            Issue.record("there is no stream")
            return
        }
        #expect(seen === second)
        second.close()
        run.finish(.cancelled(possiblyCharged: false))
        guard case .cancelled = await call.end(unless: Self.gone) else {
            Issue.record("there is no end")
            return
        }
    }

    @Test("lets go of who waits for its end when the caller is gone")
    func gone() async {
        let (_, call) = Self.call()
        let hangup = Signal()
        async let end = call.end(unless: hangup)
        hangup.fire()
        #expect(await end == nil)
    }
}
