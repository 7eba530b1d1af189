import SluiceProvider
import SluiceTypes

/// What the router knows of one row.
struct RowState {
    let loaded: LoadedRow
    private var refused: [String: Refusal] = [:]
    private(set) var models = ModelStates()

    private struct Refusal {
        var reason: String
        var since: Duration
        var isProbed = false
    }

    init(_ row: ProviderRow) {
        loaded = LoadedRow(row)
    }

    var row: ProviderRow { loaded.row }

    /// What is known of a model, by the name that callers use.
    func state(of model: String) -> ModelState { models[row.upstreamName(of: model)] }

    /// Changes what is known of a model, by the name that the provider uses.
    mutating func change<Result>(
        _ upstream: String,
        at uptime: Duration,
        _ change: (inout ModelState) -> Result
    ) -> Result {
        models.change(upstream, at: uptime, change)
    }

    /// True when a call of `owner` for `model` may start: nothing lacks, no window is closed, the model does not rest, and some
    /// credential is usable or due for a probe.
    ///
    /// No owner stands for jobs of the queue.
    func isOpen(to owner: OwnerID? = nil, for model: String, at uptime: Duration, _ settings: EngineSettings) -> Bool {
        guard row.unavailable == nil, state(of: model).admits(owner, at: uptime) else { return false }
        return row.credentials.isEmpty || !usableCredentials(at: uptime).isEmpty
            || probeCandidate(at: uptime, settings) != nil
    }

    /// The slots that have a value and were not refused, in order of preference.
    func usableCredentials(at uptime: Duration) -> [String] {
        row.credentials.filter { $0.secret != nil && refused[$0.slot] == nil }.map(\.slot)
    }

    private func probeCandidate(at uptime: Duration, _ settings: EngineSettings) -> String? {
        row.credentials.first { credential in
            guard credential.secret != nil, let refusal = refused[credential.slot] else { return false }
            return !refusal.isProbed && uptime - refusal.since >= settings.credentialProbe
        }?.slot
    }

    mutating func beginProbe(at uptime: Duration, _ settings: EngineSettings) -> String? {
        guard let slot = probeCandidate(at: uptime, settings) else { return nil }
        refused[slot]?.isProbed = true
        return slot
    }

    mutating func endProbe(_ slot: String?) {
        guard let slot else { return }
        refused[slot]?.isProbed = false
    }

    mutating func noteAnswer(_ slot: String?) {
        if let slot { refused[slot] = nil }
    }

    mutating func refuse(_ slot: String?, reason: String, at uptime: Duration) -> Bool {
        guard let slot else { return true }
        let isNews = refused[slot] == nil
        refused[slot] = Refusal(reason: reason, since: uptime)
        return isNews
    }

    /// What is missing or refused, with what to do; nil when the row has what it needs.
    var lack: String? {
        if let reason = row.unavailable { return reason }
        guard !row.credentials.isEmpty, row.credentials.allSatisfy({ $0.secret == nil || refused[$0.slot] != nil }),
            let worst = row.credentials.first(where: { refused[$0.slot] != nil }), let refusal = refused[worst.slot]
        else { return nil }
        return "the provider refused \(worst.slot) (\(refusal.reason)); mend it and run `sluice provider reload`"
    }

    func hold(for model: String, at uptime: Duration, _ settings: EngineSettings) -> Hold {
        let state = state(of: model)
        let window = state.window.closedFor(at: uptime)
        if let lack {
            // The answer to a probe that is under way frees its permit, and that wakes the dispatcher. The model may be
            // closed for longer than the credential.
            let closed = max(window ?? .zero, state.breaker.opensIn(at: uptime) ?? .zero)
            let probes = refused.values.filter { !$0.isProbed }
                .map { max(settings.credentialProbe - (uptime - $0.since), closed) }
            return Hold(
                kind: .lack,
                row: row.name,
                detail: lack,
                opensIn: probes.min().map { max($0, .zero) }
            )
        }
        let rest = state.breaker.opensIn(at: uptime)
        if let window, window >= rest ?? .zero {
            return Hold(kind: .limit, row: row.name, detail: "the provider asked to wait", opensIn: window)
        }
        return Hold(kind: .rest, row: row.name, detail: "its calls fail, and it is tried again soon", opensIn: rest)
    }

    var credentialStatus: [RowStatus.CredentialStatus] {
        row.credentials.map { credential in
            let problem = credential.problem ?? refused[credential.slot].map { "refused: \($0.reason)" }
            return RowStatus.CredentialStatus(slot: credential.slot, problem: problem)
        }
    }
}
