import SluiceTypes
import Synchronization

/// The runs under way in this process: to call them off, to find their logs, to wait for their end.
///
/// A run begins with a claim and ends with its settlement; the job's next one may begin before it has quite ended.
final class RunningJobs: Sendable {
    private struct Entry {
        var task: Task<Void, Never>?
        var log: JobLog?
        var isCancelled: Bool
        var isCalledOff = false
    }

    private struct State {
        /// By the epoch with which each run began.
        var runs: [JobID: [Int64: Entry]] = [:]
        var claimsUnderWay = 0
        /// Jobs that were cancelled while a claim may have had them on their way here.
        var cancelledEarly: Set<JobID> = []
        var isCallingOff = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let mayHaveOrphans = Atomic<Bool>(false)
    private let feed: Feed
    private let memory: StreamMemory

    /// Tells `feed` of every attempt that begins, and counts the attempts' logs in `memory`.
    init(feed: Feed = Feed(), memory: StreamMemory = StreamMemory(limit: .max)) {
        self.feed = feed
        self.memory = memory
    }

    /// Says that a job may be marked as running here that nobody runs.
    func noteOrphans() {
        mayHaveOrphans.store(true, ordering: .relaxed)
    }

    /// Whether there may be such jobs; asking takes the note away.
    func takeOrphans() -> Bool {
        mayHaveOrphans.exchange(false, ordering: .relaxed)
    }

    /// Runs `claim`, which claims jobs and starts them.
    ///
    /// A claim and a cancellation may be answered in either order: what is cancelled meanwhile is remembered, and its
    /// run begins called off.
    func whileClaiming<Result>(_ claim: () async -> Result) async -> Result {
        state.withLock { $0.claimsUnderWay += 1 }
        defer {
            state.withLock { state in
                state.claimsUnderWay -= 1
                if state.claimsUnderWay == 0 { state.cancelledEarly = [] }
            }
        }
        return await claim()
    }

    /// Runs `work` as the run of `id` that began with `epoch`.
    ///
    /// Returns at once. `work` runs on `executor`, or on Swift's own threads.
    func start(
        _ id: JobID,
        epoch: Int64,
        on executor: (any TaskExecutor)? = nil,
        _ work: @escaping @Sendable () async -> Void
    ) {
        state.withLock { state in
            let isCancelled = state.cancelledEarly.remove(id) != nil
            state.runs[id, default: [:]][epoch] = Entry(isCancelled: isCancelled)
        }
        // Not a child of any task: it is called off by its job's id, and `waitUntilEmpty` sees to it that it ends first.
        let task = Task.detached(executorPreference: executor) {
            await work()
            self.end(id, epoch)
        }
        let callOff = state.withLock { state in
            state.runs[id]?[epoch]?.task = task
            let entry = state.runs[id]?[epoch]
            return state.isCallingOff || entry?.isCancelled == true || entry?.isCalledOff == true
        }
        if callOff { task.cancel() }
    }

    private func end(_ id: JobID, _ epoch: Int64) {
        let waiters = state.withLock { state in
            state.runs[id]?[epoch] = nil
            if state.runs[id]?.isEmpty == true { state.runs[id] = nil }
            guard state.runs.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Notes the log of a run's current attempt.
    func attach(_ log: JobLog, to id: JobID, epoch: Int64) {
        log.count(in: memory)
        state.withLock { $0.runs[id]?[epoch]?.log = log }
        feed.notify(id)
    }

    /// The log of the job's newest attempt; nil when it does not run here.
    func log(of id: JobID) -> JobLog? {
        state.withLock { state in state.runs[id]?.max { $0.key < $1.key }?.value.log }
    }

    /// Calls the job's run off because the job was cancelled.
    func cancel(_ id: JobID) {
        let tasks = state.withLock { state in
            // Even where one runs: that may be the job's last run on its way out, and the claim its next.
            if state.claimsUnderWay > 0 { state.cancelledEarly.insert(id) }
            guard let runs = state.runs[id] else { return [Task<Void, Never>]() }
            for epoch in runs.keys { state.runs[id]?[epoch]?.isCancelled = true }
            return runs.values.compactMap(\.task)
        }
        for task in tasks { task.cancel() }
    }

    /// Calls one run off whose outcome nobody needs.
    func callOff(_ id: JobID, epoch: Int64) {
        let task = state.withLock { state in
            state.runs[id]?[epoch]?.isCalledOff = true
            return state.runs[id]?[epoch]?.task
        }
        task?.cancel()
    }

    /// True when the job's run was called off by ``cancel(_:)``.
    func isCancelled(_ id: JobID) -> Bool {
        state.withLock { $0.runs[id]?.values.contains(where: \.isCancelled) ?? false }
    }

    /// Calls every run off, those that still begin included: the process stops.
    func callOffAll() {
        let tasks = state.withLock { state in
            state.isCallingOff = true
            return state.runs.values.flatMap { $0.values.compactMap(\.task) }
        }
        for task in tasks { task.cancel() }
    }

    /// The jobs that run here.
    var ids: Set<JobID> { state.withLock { Set($0.runs.keys) } }

    /// Returns when no run is under way.
    func waitUntilEmpty() async {
        await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
            let isEmpty = state.withLock { state in
                guard !state.runs.isEmpty else { return true }
                state.waiters.append(waiter)
                return false
            }
            if isEmpty { waiter.resume() }
        }
    }
}
