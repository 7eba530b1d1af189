import Logging
import SluiceStore
import SluiceTypes

/// Takes out what was kept long enough and gives the room back, in slices with pauses between them.
struct RetentionSweep: Sendable {
    /// The most rows in one transaction: few enough that nobody who waits for the store notices.
    private static let slice = 256
    /// How much longer it pauses than a slice took: so it has a fifth of the writer's time at most.
    private static let patience = 4
    /// How far the believed time may move before it is noted again.
    private static let noteEvery = Duration.seconds(600)
    /// From which lead of the wall clock on somebody should know.
    private static let worryingLead = Duration.seconds(86_400)

    let store: any Store
    let clock: TrustedClock
    let time: EngineTime
    let logger: Logger

    /// What the keeper remembers from one sweep to the next.
    struct Memory: Sendable {
        fileprivate var noted: Timestamp?
        fileprivate var hasResumed = false
        fileprivate var isWorried = false
    }

    /// Works until there is nothing left to do, `end` is over, or the engine stops; false when something is left.
    ///
    /// - Throws: `StoreError`.
    func work(
        _ memory: inout Memory,
        until end: Duration,
        _ phase: PhaseGate
    ) async throws(StoreError) -> Bool {
        let now = try await believedTime(&memory)
        var duties = Duty.allCases[...]
        while let duty = duties.first {
            guard !phase.isStopping, !Task.isCancelled else { return true }
            let start = time.uptime()
            guard start < end else { return false }
            guard try await slice(of: duty, at: now) else {
                duties.removeFirst()
                continue
            }
            let uptime = time.uptime()
            await phase.wait(for: .stopping, until: (uptime + (uptime - start) * Self.patience, time))
        }
        return true
    }

    private enum Duty: CaseIterable {
        case bodies
        case jobs
        case keys
        case audit
        case ledger
        case room
    }

    /// False when there was nothing left to do.
    private func slice(of duty: Duty, at now: Timestamp) async throws(StoreError) -> Bool {
        switch duty {
        case .bodies: try await store.forgetBodies(at: now, limit: Self.slice) > 0
        case .jobs: try await store.purge(at: now, limit: Self.slice) > 0
        case .keys: try await store.forgetKeys(at: now, limit: Self.slice) > 0
        case .audit: try await store.cutAudit(at: now, limit: Self.slice) > 0
        case .ledger: try await store.cutLedger(at: now, limit: Self.slice) > 0
        case .room: try await store.giveBackRoom()
        }
    }

    /// Goes on from the time that the store's last life believed.
    ///
    /// - Throws: `StoreError`.
    func resume(_ memory: inout Memory) async throws(StoreError) {
        guard !memory.hasResumed else { return }
        memory.noted = try await store.notedTime()
        if let noted = memory.noted { clock.resume(from: noted) }
        memory.hasResumed = true
    }

    /// The time to purge by; what is believed is noted in the store now and then.
    private func believedTime(_ memory: inout Memory) async throws(StoreError) -> Timestamp {
        let (now, peak) = clock.forPurges()
        warn(&memory, now)
        let moved = memory.noted.map { max(peak.since($0), $0.since(peak)) }
        if moved.map({ $0 >= Self.noteEvery }) ?? true {
            try await store.note(time: peak)
            memory.noted = peak
        }
        return now
    }

    private func warn(_ memory: inout Memory, _ now: Timestamp) {
        let isWorrying = time.now().since(now) > Self.worryingLead
        if isWorrying, !memory.isWorried {
            logger.warning(
                "the clock is far ahead of what this store has seen: ended jobs are kept longer until it has lasted",
                metadata: ["clock": "\(time.now())", "believed": "\(now)"]
            )
        }
        memory.isWorried = isWorrying
    }
}
