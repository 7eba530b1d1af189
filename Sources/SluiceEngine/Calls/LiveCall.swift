package import SluiceTypes

/// A sync or streaming call under way, as its caller sees it: when it is stored, its log, its end.
///
/// The call goes on without its caller; see ``CallDesk/leave(_:delivered:)``.
package struct LiveCall: Sendable {
    private let run: JobRun

    init(_ run: JobRun) {
        self.run = run
    }

    package var id: JobID { run.id }

    /// What the provider said of its limits, as far as it has answered.
    package var limits: [String: String] { run.log?.limits ?? [:] }

    /// The call's end; nil when `gone` fires before, and when the task is cancelled.
    package func end(unless gone: Signal? = nil) async -> CallEnd? {
        await run.state.wait(unless: gone) { $0.end }
    }

    /// The log of the attempt that brought the first chunk of a stored stream, or the end of a call that brought none; nil
    /// when `gone` fires before, and when the task is cancelled.
    package func beginning(unless gone: Signal? = nil) async -> CallBeginning? {
        guard var next = await run.state.wait(unless: gone, LiveCall.firstLog) else { return nil }
        while case .stream(let log) = next {
            if await log.hasChunk(unless: gone) { return next }
            let later = await run.state.wait(unless: gone) {
                LiveCall.other($0, than: log) ?? $0.end.map { .ended($0) }
            }
            guard let later else { return nil }
            next = later
        }
        return next
    }

    @Sendable
    private static func firstLog(_ state: JobRun.State) -> CallBeginning? {
        // The log first: a stream may be over before its caller looks for the beginning.
        if state.isStored || !Promise.storedBeforeBytes.holds, let log = state.log { return .stream(log) }
        return state.end.map { .ended($0) }
    }

    private static func other(_ state: JobRun.State, than log: JobLog) -> CallBeginning? {
        state.log.flatMap { $0 === log ? nil : .stream($0) }
    }
}
