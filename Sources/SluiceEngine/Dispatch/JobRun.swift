import SluiceTypes

/// One run of a job in this process, from its claim to its settlement: what is known of it while it lasts.
///
/// Whoever runs it writes; a call's caller reads it as a ``LiveCall``, followers find its log through ``RunningJobs``.
final class JobRun: Sendable {
    struct State: Sendable {
        /// The attempt under way, or the last one.
        var log: JobLog?
        /// The row that it asks.
        var row: String?
        /// The uptime at which its first request went out; nil before.
        var outSince: Duration?
        /// Whether a request is out, or its answer just came; false while the run waits for the end of a window.
        var isOut = false
        /// False while a call's job is being committed: until then no byte may leave for its caller.
        var isStored: Bool
        /// What its caller is told; only a call has one.
        var end: CallEnd?
        fileprivate var task: Task<Void, Never>?
        fileprivate var isCancelled = false
        /// Cancelled, and running on for a moment.
        fileprivate var isDraining = false
        fileprivate var isCalledOff = false
    }

    let id: JobID
    /// The epoch with which it began.
    let epoch: Int64
    let policy: AttemptPolicy
    let state: Monitor<State>
    /// Told of the end before the caller is, and whether the caller had seen a beginning.
    private let onEnd: @Sendable (CallEnd, Bool) -> Void

    init(
        _ id: JobID,
        epoch: Int64,
        _ policy: AttemptPolicy,
        onEnd: @escaping @Sendable (CallEnd, Bool) -> Void = { _, _ in }
    ) {
        self.id = id
        self.epoch = epoch
        self.policy = policy
        self.onEnd = onEnd
        state = Monitor(State(isStored: policy.commit == .claim))
    }

    // MARK: Whoever runs it

    /// The job is committed.
    func noteStored() {
        state.change { $0.isStored = true }
    }

    /// An attempt begins, which asks `row`.
    func begin(_ log: JobLog, of row: String, at uptime: Duration) {
        state.change { state in
            state.log = log
            state.row = row
            state.outSince = state.outSince ?? uptime
            state.isOut = true
        }
    }

    /// No request is out: the run waits until it may ask again.
    func notePause() {
        state.change { $0.isOut = false }
    }

    /// It is over, and its end is committed.
    ///
    /// Once only.
    func finish(_ end: CallEnd) {
        onEnd(end, log?.isBegun ?? false)
        state.change { $0.end = end }
    }

    // MARK: Whoever calls it off

    /// Its task; one that was called off before it had begun is so at once.
    func attach(_ task: Task<Void, Never>) {
        let isOff = state.change { state in
            state.task = task
            return state.isCancelled && !state.isDraining || state.isCalledOff
        }
        if isOff { task.cancel() }
    }

    /// Nobody needs what it comes to.
    func callOff() {
        let task = state.change { state in
            state.isCalledOff = true
            return state.task
        }
        task?.cancel()
    }

    /// The job was cancelled.
    ///
    /// A request that is out runs on for as long as `drain` says, so that what it used is told.
    func cancel(after drain: Duration = .zero, _ time: EngineTime? = nil) {
        let isDraining = state.change { state in
            state.isCancelled = true
            state.isDraining = state.isOut && drain > .zero && time != nil
            return state.isDraining
        }
        guard isDraining, let time else { return state.read { $0.task }?.cancel() ?? () }
        // Whoever cancels waits for nothing; a run that ends before is not touched by it.
        Task { [self] in
            try? await time.sleep(drain)
            let task = state.change { state in
                state.isDraining = false
                return state.task
            }
            task?.cancel()
        }
    }

    /// Whether it was called off by ``cancel()``.
    var isCancelled: Bool { state.read { $0.isCancelled } }

    /// The log of its newest attempt.
    var log: JobLog? { state.read { $0.log } }
}
