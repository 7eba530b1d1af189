package import SluiceTypes

/// A sync or streaming call under way, as its caller sees it: when it is stored, its log, its end.
///
/// The call goes on without its caller; see ``CallDesk/leave(_:delivered:)``.
package struct LiveCall: Sendable {
    /// How long a caller is content to hear nothing.
    package enum Silence: Sendable {
        /// For ever.
        case any
        /// So long since the first request went out; not before one is out and the job is stored.
        case sinceRequest(Duration)
        /// So long from now on.
        case fromNow(Duration)
    }

    private let run: JobRun
    private let time: EngineTime
    private let alarms: AlarmClock

    init(_ run: JobRun, _ time: EngineTime, _ alarms: AlarmClock) {
        self.run = run
        self.time = time
        self.alarms = alarms
    }

    package var id: JobID { run.id }

    /// The header fields that go back to the caller, by their names in small letters, as far as a provider has answered.
    package var fields: [String: String] { run.log?.fields ?? [:] }

    /// What its request was sent without, each by its name, to whoever is asked now or has answered.
    package var dropped: [String] { run.log?.dropped ?? [] }

    /// The name of the row that is asked now, or has answered; nil before any is.
    package var row: String? { run.state.read { $0.row } }

    /// The call's end; nil when `gone` fires before, and when the task is cancelled.
    package func end(unless gone: Signal? = nil) async -> CallEnd? {
        await run.state.wait(unless: gone) { $0.end }
    }

    /// The call's end; nil when there is none after `pause`, and when the task is cancelled.
    package func end(within pause: Duration) async -> CallEnd? {
        let due = time.uptime() + pause
        let hasEnded = { @Sendable (state: JobRun.State) in state.end != nil }
        return await run.state.watching(hasEnded) { bell in
            alarms.set(at: due) { bell.ring() }
            while true {
                if let end = run.state.read({ $0.end }) { return end }
                if Task.isCancelled || time.uptime() >= due { return nil }
                await bell.wait()
            }
        }
    }

    /// The log of the attempt that brought the first content of a stored stream, or the end of a call that brought none; nil
    /// when `gone` fires before, and when the task is cancelled.
    ///
    /// ``CallBeginning/quiet`` when neither is there after the `silence`.
    package func beginning(
        unless gone: Signal? = nil,
        within silence: Silence = .any
    ) async -> CallBeginning? {
        let bell = Doorbell()
        let silence = Quiet(silence, at: time.uptime())
        run.state.watch(bell) { _ in true }
        defer { run.state.unwatch(bell) }
        return await bell.ringing(at: gone) {
            var (watched, alarmed) = (JobLog?.none, Duration?.none)
            defer { watched?.dismiss(bell) }
            while true {
                let state = run.state.read { $0 }
                if let found = LiveCall.beginning(state) { return found }
                if gone?.hasFired == true || Task.isCancelled { return nil }
                if let log = state.log, log !== watched {
                    watched?.dismiss(bell)
                    watched = log
                    log.ringWhenBegun(bell)
                }
                if let due = silence.due(state) {
                    if due <= time.uptime() { return .quiet }
                    // One that is set for earlier does.
                    if alarmed == nil || time.uptime() >= alarmed ?? .zero {
                        alarmed = due
                        alarms.set(at: due) { bell.ring() }
                    }
                }
                await bell.wait()
            }
        }
    }

    private static func beginning(_ state: JobRun.State) -> CallBeginning? {
        // The log first: a stream may be over before its caller looks for the beginning.
        if state.isStored || !Promise.storedBeforeBytes.holds, let log = state.log, log.isBegun { return .stream(log) }
        return state.end.map { .ended($0) }
    }
}

/// When a caller has heard nothing for too long.
private struct Quiet {
    private let silence: LiveCall.Silence
    private let since: Duration

    init(_ silence: LiveCall.Silence, at uptime: Duration) {
        self.silence = silence
        since = uptime
    }

    /// The moment; nil for none as things stand.
    func due(_ state: JobRun.State) -> Duration? {
        switch silence {
        case .any: nil
        case .sinceRequest(let pause): state.isStored && state.isOut ? state.outSince.map { $0 + pause } : nil
        case .fromNow(let pause): since + pause
        }
    }
}
