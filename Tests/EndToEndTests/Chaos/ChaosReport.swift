/// The figures of a run.
struct ChaosReport: Sendable {
    var seed: UInt64
    /// Jobs of the queue that were acknowledged, calls that were answered to their callers, and requests that providers read.
    var jobs = 0
    var answers = 0
    var calls = 0
    var ends: [String: Int] = [:]
    var errors = 0
    /// Failures of which it is sure that they are no job's own: without any a run shows nothing of outages.
    var resting = 0
    /// How long it took until all was drained, once all was well.
    var drain = Duration.zero
    var faults: [ChaosVerdict.Kind: Int] = [:]

    init(_ verdict: ChaosVerdict, seed: UInt64, drain: Duration) {
        self.seed = seed
        self.drain = drain
        let history = verdict.history
        jobs = history.jobs.count
        answers = history.answers.count
        calls = history.calls.count
        errors = history.answers.count(where: \.isError)
        resting = history.calls.count { verdict.outages.surelyMet($0) }
        for job in history.jobs { ends[job.end?.status ?? "missing", default: 0] += 1 }
        for kind in ChaosVerdict.Kind.allCases { faults[kind] = verdict.count(kind) }
    }

    var line: String {
        let ended = ends.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        let found = ChaosVerdict.Kind.allCases.map { "\(faults[$0] ?? 0) \($0.rawValue)" }.joined(separator: ", ")
        return
            "seed \(seed): \(jobs) jobs (\(ended)), \(answers) answers (\(errors) of them errors), \(calls) calls, \(resting) of them in an outage; "
            + "drained after \(Int(drain / .seconds(1))) s; \(found)"
    }
}
