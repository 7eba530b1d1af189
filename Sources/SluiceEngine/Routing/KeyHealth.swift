/// Whether a provider takes an account's key: a plain value that decides and does nothing.
///
/// What one model is refused shuts that model, until a second one is refused too: then, and where nothing has gone well for
/// a while, it is the key. What is said of the account's money is said of all at once.
struct KeyHealth: Sendable {
    /// So long an answer says that the key is good for other models.
    static let memory = Duration.seconds(60)

    /// What a provider said of a key.
    enum Reason: Hashable, Sendable {
        /// It is refused, in a word.
        case refused(String)
        /// The account has no money.
        case money(String)
        /// The account is closed.
        case closed(String)

        var word: String {
            switch self {
            case .refused(let word), .money(let word), .closed(let word): word
            }
        }

        /// Whether it is said of the account, whatever the model.
        var isOfAll: Bool {
            if case .refused = self { false } else { true }
        }
    }

    private struct Refusal {
        /// The one model; nil for all.
        var model: String?
        var reason: Reason
        var at: Duration
        var probe = Probe()
    }

    private var refusal: Refusal?
    private var lastWell: Duration?

    /// What the provider said; nil while all is well.
    var reason: Reason? { refusal?.reason }

    /// The one model that is refused; nil for all, and while all is well.
    var model: String? { refusal?.model }

    /// Whether a call for `model` may start; it is tried again each `interval`.
    func passage(for model: String, each interval: Duration, at uptime: Duration) -> Passage {
        guard let refusal, refusal.model == nil || refusal.model == model else { return .open }
        let due = refusal.at + interval
        if due > uptime { return .shut(due - uptime) }
        return refusal.probe.isDue(at: uptime) ? .probe : .shut(nil)
    }

    mutating func beginProbe(at uptime: Duration) -> Duration? { refusal?.probe.begin(at: uptime) }

    mutating func endProbe(_ mark: Duration?) {
        refusal?.probe.end(mark)
    }

    /// The provider refused a call for `model`.
    mutating func refuse(_ model: String, _ reason: Reason, at uptime: Duration) {
        var isOfAll = lastWell.map { uptime - $0 >= KeyHealth.memory } ?? true
        if reason.isOfAll { isOfAll = true }
        if let refusal, refusal.model != model { isOfAll = true }
        refusal = Refusal(model: isOfAll ? nil : model, reason: reason, at: uptime)
    }

    /// A call was answered.
    ///
    /// True when that changes anything.
    mutating func noteWell(_ model: String, at uptime: Duration) -> Bool {
        lastWell = uptime
        guard let refusal, refusal.model == nil || refusal.model == model else { return false }
        self.refusal = nil
        return true
    }

    /// The operator has looked after it.
    mutating func clear() {
        refusal = nil
    }
}
