package import SluiceTypes

/// The engine's two clocks: the wall, for what is stored and shown, and one that never jumps, for everything it waits for.
package struct EngineTime: Sendable {
    /// The wall clock.
    package let now: @Sendable () -> Timestamp
    /// How long the engine has existed.
    package let uptime: @Sendable () -> Duration
    /// Returns after `duration`; throws when the task is cancelled.
    package let sleep: @Sendable (_ duration: Duration) async throws -> Void

    /// Reads the wall through `now` and measures with `clock`.
    package init<C: Clock>(now: @escaping @Sendable () -> Timestamp, clock: C) where C.Duration == Duration {
        let origin = clock.now
        self.now = now
        uptime = { origin.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
    }
}
