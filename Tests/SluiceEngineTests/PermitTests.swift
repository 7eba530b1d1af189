import Dispatch
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Synchronization
import Testing

@testable import SluiceEngine

@Suite("A call that waits for a permit", .timeLimit(.minutes(1)))
struct PermitTests {
    private static let group = JobGroup(lane: .interactive, operation: .chat, route: "m")

    private static func switchboard(_ clock: ManualClock = ManualClock()) -> Switchboard {
        Switchboard(
            Catalogue(rows: [Rig.row(concurrency: 1)]),
            settings: EngineSettings(),
            time: EngineTime(now: { clock.timestamp }, clock: clock)
        )
    }

    private static func permit(_ switchboard: Switchboard, unless gone: Signal? = nil) async -> PermitAnswer {
        await switchboard.permit(for: group, Rig.owner, within: .seconds(30), unless: gone)
    }

    private static func untilWaiting(_ switchboard: Switchboard) async {
        while switchboard.state.withLock({ $0.calls.isEmpty }) { await Task.yield() }
    }

    /// The one permit there is.
    private static func take(_ switchboard: Switchboard) async throws -> Permit {
        guard case .permit(let permit) = await permit(switchboard) else { throw Unexpected() }
        return permit
    }

    @Test("has its answer when it is taken out of the queue: whoever gives up then must find it")
    func answered() {
        var queue = PermitQueue()
        let waiters = (1...3).map { _ in PermitWaiter(Self.group, Rig.owner) }
        for waiter in waiters { queue.add(waiter) }
        var count = 0
        queue.serve { _, _ in
            count += 1
            return count <= 2 ? .full : nil
        }
        #expect(waiters.map { $0.answer.read { $0 != nil } } == [true, true, false])
        #expect(waiters.map { queue.remove($0) } == [false, false, true])
        #expect(queue.isEmpty)
    }

    @Test("gets it when it is given back, in turn")
    func inTurn() async throws {
        let switchboard = Self.switchboard()
        let first = try await Self.take(switchboard)
        async let second = Self.take(switchboard)
        await Self.untilWaiting(switchboard)
        switchboard.release([first])
        switchboard.release([try await second])
        _ = try await Self.take(switchboard)
    }

    @Test("is told that all is full when its patience ends, and leaves nothing behind")
    func patience() async throws {
        let clock = ManualClock()
        let switchboard = Self.switchboard(clock)
        let permit = try await Self.take(switchboard)
        async let answer = Self.permit(switchboard)
        try await clock.waitForSleepers(1)
        clock.advance(by: .seconds(30))
        guard case .full = await answer else { throw Unexpected() }
        #expect(switchboard.state.withLock { $0.calls.isEmpty })
        switchboard.release([permit])
        _ = try await Self.take(switchboard)
    }

    @Test("gives back what it was given after its caller had gone", arguments: [false, true])
    func gone(isCancelled: Bool) async throws {
        let switchboard = Self.switchboard()
        let permit = try await Self.take(switchboard)
        let (loop, gone) = (HeldLoop(), Signal())
        let waiting = Task(executorPreference: loop) { await Self.permit(switchboard, unless: gone) }
        await Self.untilWaiting(switchboard)
        // Its task is told, but can't run: what is given back now is given to it.
        loop.hold()
        if isCancelled { waiting.cancel() } else { gone.fire() }
        switchboard.release([permit])
        loop.release()
        guard case .abandoned = await waiting.value else { throw Unexpected() }
        _ = try await Self.take(switchboard)
    }
}

/// A loop on which nothing runs while it is held.
private final class HeldLoop: TaskExecutor {
    private let queue = DispatchQueue(label: "held")

    func hold() { queue.suspend() }

    func release() { queue.resume() }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
