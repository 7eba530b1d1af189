import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite(.timeLimit(.minutes(1)))
struct RunningJobsTests {
    private let id = JobID.generate(at: Timestamp(milliseconds: 0))

    private func run(_ epoch: Int64) -> JobRun { JobRun(id, epoch: epoch, .queued) }

    /// Returns when the task is cancelled.
    private static func untilCancelled() async {
        while !Task.isCancelled { await Task.yield() }
    }

    @Test func aJobCancelledWhileItIsBeingClaimedBeginsCalledOff() async {
        let running = RunningJobs()
        await running.whileClaiming {
            running.cancel(id)
            running.start(run(1)) { await Self.untilCancelled() }
        }
        await running.waitUntilEmpty()
    }

    @Test func aCancellationReachesTheNextRunWhileTheLastOneWindsUp() async {
        let running = RunningJobs()
        let last = Doorbell()
        running.start(run(1)) { await last.wait() }
        await running.whileClaiming {
            running.cancel(id)
            running.start(run(2)) { await Self.untilCancelled() }
        }
        last.ring()
        await running.waitUntilEmpty()
    }

    @Test func aCancellationIsRememberedForTheClaimsUnderWayAlone() async {
        let running = RunningJobs()
        await running.whileClaiming { running.cancel(id) }
        let bell = Doorbell()
        let run = run(1)
        running.start(run) { await bell.wait() }
        #expect(!run.isCancelled)
        bell.ring()
        await running.waitUntilEmpty()
    }

    @Test func theEndOfOneRunLeavesTheJobsOtherOneKnown() async {
        let running = RunningJobs()
        let (short, long) = (Doorbell(), Doorbell())
        let (shortLog, longLog) = (JobLog(epoch: 5, keepsChunks: true), JobLog(epoch: 2, keepsChunks: true))
        let (fifth, second) = (run(5), run(2))
        running.start(fifth) { await short.wait() }
        running.start(second) {
            await Self.untilCancelled()
            await long.wait()
        }
        running.attach(shortLog, of: "up", to: fifth, at: .zero)
        running.attach(longLog, of: "up", to: second, at: .zero)
        #expect(running.log(of: id) === shortLog)
        short.ring()
        while running.log(of: id) !== longLog { await Task.yield() }
        #expect(running.ids == [id])
        running.cancel(id)
        long.ring()
        await running.waitUntilEmpty()
        #expect(running.ids.isEmpty)
    }
}
