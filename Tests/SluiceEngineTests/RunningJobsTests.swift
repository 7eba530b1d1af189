import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite(.timeLimit(.minutes(1)))
struct RunningJobsTests {
    private let id = JobID.generate(at: Timestamp(milliseconds: 0))

    /// Returns when the task is cancelled.
    private static func untilCancelled() async {
        while !Task.isCancelled { await Task.yield() }
    }

    @Test func aJobCancelledWhileItIsBeingClaimedBeginsCalledOff() async {
        let running = RunningJobs()
        await running.whileClaiming {
            running.cancel(id)
            running.start(id, epoch: 1) { await Self.untilCancelled() }
        }
        await running.waitUntilEmpty()
    }

    @Test func aCancellationReachesTheNextRunWhileTheLastOneWindsUp() async {
        let running = RunningJobs()
        let last = Doorbell()
        running.start(id, epoch: 1) { await last.wait() }
        await running.whileClaiming {
            running.cancel(id)
            running.start(id, epoch: 2) { await Self.untilCancelled() }
        }
        last.ring()
        await running.waitUntilEmpty()
    }

    @Test func aCancellationIsRememberedForTheClaimsUnderWayAlone() async {
        let running = RunningJobs()
        await running.whileClaiming { running.cancel(id) }
        let bell = Doorbell()
        running.start(id, epoch: 1) { await bell.wait() }
        #expect(!running.isCancelled(id))
        bell.ring()
        await running.waitUntilEmpty()
    }

    @Test func theEndOfOneRunLeavesTheJobsOtherOneKnown() async {
        let running = RunningJobs()
        let (short, long) = (Doorbell(), Doorbell())
        let (shortLog, longLog) = (JobLog(epoch: 5, keepsChunks: true), JobLog(epoch: 2, keepsChunks: true))
        running.start(id, epoch: 5) { await short.wait() }
        running.start(id, epoch: 2) {
            await Self.untilCancelled()
            await long.wait()
        }
        running.attach(shortLog, to: id, epoch: 5)
        running.attach(longLog, to: id, epoch: 2)
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
