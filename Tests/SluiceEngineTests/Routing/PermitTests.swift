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
            secret: [1],
            time: EngineTime(now: { clock.timestamp }, clock: clock)
        )
    }

    private static func permit(_ switchboard: Switchboard, unless gone: Signal? = nil) async -> PermitAnswer {
        let wish = Wish(group, owner: Rig.owner, isQueued: false)
        return await switchboard.permit(for: wish, until: switchboard.time.uptime() + .seconds(30), unless: gone)
    }

    private static func untilWaiting(_ switchboard: Switchboard) async {
        while switchboard.state.withLock({ $0.calls.isEmpty }) { await Task.yield() }
    }

    /// The one permit there is.
    private static func take(_ switchboard: Switchboard) async throws -> Permit {
        guard case .permit(let permit) = await permit(switchboard) else { throw Unexpected() }
        return permit
    }

    @Test("gets it when it is given back, in turn")
    func inTurn() async throws {
        let switchboard = Self.switchboard()
        let first = try await Self.take(switchboard)
        async let second = Self.take(switchboard)
        await Self.untilWaiting(switchboard)
        switchboard.release(first, of: Rig.owner)
        switchboard.release(try await second, of: Rig.owner)
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
        switchboard.release(permit, of: Rig.owner)
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
        switchboard.release(permit, of: Rig.owner)
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
