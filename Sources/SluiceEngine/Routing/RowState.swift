import SluiceProvider
import SluiceTypes

/// One loading of a row: shared by all who use it, and told by its identity from a later loading of the same text.
final class LoadedRow: Sendable {
    let row: ProviderRow

    init(_ row: ProviderRow) {
        self.row = row
    }
}

/// What the router knows of one row.
struct RowState {
    let loaded: LoadedRow
    private var closedUntil: Duration?
    private var rateLimitsInARow = 0
    private var refused: [String: Refusal] = [:]

    private struct Refusal {
        var reason: String
        var since: Duration
        var isProbed = false
    }

    init(_ row: ProviderRow) {
        loaded = LoadedRow(row)
    }

    var row: ProviderRow { loaded.row }

    /// True when a call may start: nothing lacks, no window is closed, and some credential is usable or due for a probe.
    func isOpen(at uptime: Duration, _ settings: EngineSettings) -> Bool {
        guard row.unavailable == nil, closedFor(at: uptime) == nil else { return false }
        return row.credentials.isEmpty || !usableCredentials(at: uptime).isEmpty
            || probeCandidate(at: uptime, settings) != nil
    }

    /// How much longer the provider wants patience; nil when it does not.
    func closedFor(at uptime: Duration) -> Duration? {
        closedUntil.flatMap { $0 > uptime ? $0 - uptime : nil }
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
        rateLimitsInARow = 0
        if let slot { refused[slot] = nil }
    }

    /// Closes the row for as long as the provider asked for, or for a guess that doubles as long as no answer comes.
    ///
    /// A wish that is short, or no wait at all, has a floor that doubles in the same way: a provider that always says
    /// "at once" is not called at once for a whole day.
    mutating func close(for pause: Duration?, at uptime: Duration, _ settings: EngineSettings) -> Duration {
        let wish = pause.map { max($0, doubled(.milliseconds(100))) } ?? doubled(settings.rateLimitPause)
        let until = uptime + wish
        // Answers to calls that were under way may come in any order: the longest wish holds.
        if let closedUntil, closedUntil > uptime {
            self.closedUntil = max(closedUntil, until)
        } else {
            closedUntil = until
            rateLimitsInARow += 1
        }
        return (closedUntil ?? until) - uptime
    }

    /// `first`, doubled for each time in a row that the provider asked for patience.
    private func doubled(_ first: Duration) -> Duration {
        Backoff.doubled(first, times: rateLimitsInARow)
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

    func hold(at uptime: Duration, _ settings: EngineSettings) -> Hold {
        if let lack {
            // The answer to a probe that is under way frees its place, and that wakes the dispatcher.
            let probes = refused.values.filter { !$0.isProbed }
                .map { max(settings.credentialProbe - (uptime - $0.since), closedFor(at: uptime) ?? .zero) }
            return Hold(reason: "row \(row.name): \(lack)", opensIn: probes.min().map { max($0, .zero) })
        }
        return Hold(
            reason: "row \(row.name): the provider asked to wait",
            opensIn: closedFor(at: uptime)
        )
    }

    var credentialStatus: [RowStatus.CredentialStatus] {
        row.credentials.map { credential in
            let problem = credential.problem ?? refused[credential.slot].map { "refused: \($0.reason)" }
            return RowStatus.CredentialStatus(slot: credential.slot, problem: problem)
        }
    }
}
