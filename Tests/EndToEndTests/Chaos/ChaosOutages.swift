/// When one model of a row was surely at rest for everybody, told by what its provider did.
///
/// Five different jobs that fail one after the other, without an answer in between, are an outage, until somebody is answered. The
/// gateway learns of each a little later than the provider: what is not sure is no outage here.
struct ChaosOutages: Sendable {
    /// So many jobs in a row.
    static let jobs = 5
    /// So much later the gateway has learnt of a call's end.
    static let delay = Duration.seconds(1)

    private struct Place: Hashable {
        var row: ChaosRow
        var model: ChaosModel
    }

    private let prompt: @Sendable (Int) -> ChaosPrompt
    private let calls: [Place: [ChaosCall]]

    init(_ history: ChaosHistory) {
        prompt = history.prompt
        calls = Dictionary(grouping: history.calls.sorted { $0.at < $1.at }) { [prompt] in
            Place(row: $0.row, model: prompt($0.prompt).model)
        }
    }

    /// The calls of one model of a row that follow each other.
    var neighbours: [(ChaosCall, ChaosCall)] { calls.values.flatMap { Array(zip($0, $0.dropFirst())) } }

    /// Whether a failure was surely one of an outage that the gateway knew of.
    func surelyMet(_ call: ChaosCall) -> Bool {
        guard isFailure(call) else { return false }
        let all = calls[Place(row: call.row, model: prompt(call.prompt).model)] ?? []
        // From here on nobody was answered: neither before the call was, nor while it was.
        let start =
            all.filter { isAnswer($0) && $0.at <= call.until }.map { $0.until + ChaosOutages.delay }.max() ?? .zero
        let failures = all.filter { isFailure($0) && $0.until + ChaosOutages.delay <= call.at }
        // Who has failed before may be known, and counts once.
        let known = Set(failures.filter { $0.at < start }.map(\.prompt))
        return Set(failures.filter { $0.at >= start }.map(\.prompt)).subtracting(known).count >= ChaosOutages.jobs
    }

    /// Whether it ends an outage: a stream does with its first content, whatever becomes of it.
    private func isAnswer(_ call: ChaosCall) -> Bool { call.outcome == .answered || call.outcome == .cut(begun: true) }

    /// Whether it counts as a failure of the row; a call that its caller has left counts as nothing.
    private func isFailure(_ call: ChaosCall) -> Bool {
        guard prompt(call.prompt).leavesAfter == nil else { return false }
        return call.outcome.isFailed || call.outcome == .cut(begun: false)
    }
}
