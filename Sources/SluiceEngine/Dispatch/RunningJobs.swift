import SluiceTypes
import Synchronization

/// The runs under way in this process: to call them off, to find their logs, to wait for their end.
///
/// A run begins with a claim and ends with its settlement; the job's next one may begin before it has quite ended.
final class RunningJobs: Sendable {
    /// The runs of one job.
    private struct Runs {
        var newest: JobRun
        var others: [JobRun] = []

        var all: [JobRun] { others + [newest] }

        /// With one more; the newest is the one of the greatest epoch.
        mutating func add(_ run: JobRun) {
            others.append(min(run, newest))
            newest = max(run, newest)
        }

        /// Without `run`; false when none is left.
        mutating func remove(_ run: JobRun) -> Bool {
            guard !others.isEmpty else { return newest !== run }
            let rest = all.filter { $0 !== run }
            guard let last = rest.last else { return false }
            (newest, others) = (last, rest.dropLast())
            return true
        }

        private func min(_ left: JobRun, _ right: JobRun) -> JobRun { left.epoch < right.epoch ? left : right }
        private func max(_ left: JobRun, _ right: JobRun) -> JobRun { left.epoch < right.epoch ? right : left }
    }

    private struct State: Sendable {
        var runs: [JobID: Runs] = [:]
        var claimsUnderWay = 0
        /// Jobs that were cancelled while a claim may have had them on their way here.
        var cancelledEarly: Set<JobID> = []
        var isCallingOff = false
    }

    private let state = Monitor(State())
    private let mayHaveOrphans = Atomic<Bool>(false)
    private let feed: Feed
    /// Where the attempts' logs count.
    let memory: HeldMemory

    /// Tells `feed` of every attempt that begins.
    init(feed: Feed = Feed(), memory: HeldMemory = HeldMemory(limit: .max)) {
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
        state.change { $0.claimsUnderWay += 1 }
        defer {
            state.change { state in
                state.claimsUnderWay -= 1
                if state.claimsUnderWay == 0 { state.cancelledEarly = [] }
            }
        }
        return await claim()
    }

    /// Runs `work` as `run`.
    ///
    /// Returns at once. `work` runs on `executor`, or on Swift's own threads.
    func start(
        _ run: JobRun,
        on executor: (any TaskExecutor)? = nil,
        _ work: @escaping @Sendable () async -> Void
    ) {
        let isCancelled = state.change { state in
            if var runs = state.runs[run.id] {
                runs.add(run)
                state.runs[run.id] = runs
            } else {
                state.runs[run.id] = Runs(newest: run)
            }
            return state.cancelledEarly.remove(run.id) != nil
        }
        if isCancelled { run.cancel() }
        // Not a child of any task: it is called off by its job's id, and `waitUntilEmpty` sees to it that it ends first.
        let task = Task.detached(executorPreference: executor) {
            await work()
            self.end(run)
        }
        run.attach(task)
        if state.read({ $0.isCallingOff }) { task.cancel() }
    }

    private func end(_ run: JobRun) {
        state.change { state in
            guard var runs = state.runs[run.id] else { return }
            state.runs[run.id] = runs.remove(run) ? runs : nil
        }
    }

    /// Notes the log of a run's current attempt, which asks `row`.
    func attach(_ log: JobLog, of row: String, to run: JobRun, at uptime: Duration) {
        run.begin(log, of: row, at: uptime)
        feed.notify(run.id)
    }

    /// The log of the job's newest attempt; nil when it does not run here.
    func log(of id: JobID) -> JobLog? {
        state.read { $0.runs[id]?.newest }?.log
    }

    /// The jobs that run here and whose answer its provider calls `upstreamID`, in no order: providers may give an id twice.
    ///
    /// It looks through all of them, so that no answer pays for what is seldom asked.
    func ids(upstreamID: String) -> [JobID] {
        let runs = state.read { $0.runs.values.map(\.newest) }
        return runs.filter { $0.log?.upstreamID == upstreamID }.map(\.id)
    }

    /// The runs whose first request has been out for longest, the longest first; it looks through all of them.
    func slowest(_ most: Int, at uptime: Duration) -> [RunFigures] {
        let runs = state.read { $0.runs.values.map(\.newest) }
        let out = runs.compactMap { run in
            let (row, since) = run.state.read { ($0.row, $0.outSince) }
            return since.map { RunFigures(job: run.id, row: row, outFor: uptime - $0) }
        }
        return Array(out.sorted { $0.outFor > $1.outFor }.prefix(most))
    }

    /// Calls the job's runs off because the job was cancelled; see ``JobRun/cancel(after:_:)``.
    func cancel(_ id: JobID, after drain: Duration = .zero, _ time: EngineTime? = nil) {
        let runs = state.change { state in
            // Even where one runs: that may be the job's last run on its way out, and the claim its next.
            if state.claimsUnderWay > 0 { state.cancelledEarly.insert(id) }
            return state.runs[id]?.all ?? []
        }
        for run in runs { run.cancel(after: drain, time) }
    }

    /// Calls every run off, those that still begin included: the process stops.
    func callOffAll() {
        let runs = state.change { state in
            state.isCallingOff = true
            return state.runs.values.flatMap(\.all)
        }
        for run in runs { run.callOff() }
    }

    /// The jobs that run here.
    var ids: Set<JobID> { state.read { Set($0.runs.keys) } }

    /// Returns when no run is under way.
    func waitUntilEmpty() async {
        // A task of its own, because this one may be cancelled, and no run may be left behind.
        await Task { _ = await state.wait { $0.runs.isEmpty ? true : nil } }.value
    }
}
