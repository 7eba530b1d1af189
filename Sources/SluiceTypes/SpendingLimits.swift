/// What an owner, or one of its tokens, may ask for and spend.
public struct SpendingLimits: Hashable, Sendable {
    /// The limits that can be tried without refusing anybody.
    public enum Kind: String, Sendable, CaseIterable {
        /// Requests a minute.
        case rpm
        /// Tokens a minute.
        case tpm
        /// Calls and running jobs at once.
        case atOnce = "at-once"
        /// Money in a time.
        case budget
        /// Jobs that wait.
        case queued
        /// Bytes of what is asked by jobs that wait.
        case queuedBytes = "queued-bytes"
    }

    /// Money for a time.
    public struct Budget: Hashable, Sendable {
        /// Nano-USD.
        public var amount: Int64
        /// For how long.
        public var period: BudgetPeriod
        /// Whether each call is counted as the most that it can cost until that is known: then nothing is spent beyond it.
        public var isStrict: Bool
        /// When it was set: windows of days begin then.
        public var since: Timestamp

        /// Takes all of it.
        public init(amount: Int64, period: BudgetPeriod, isStrict: Bool = false, since: Timestamp) {
            self.amount = amount
            self.period = period
            self.isStrict = isStrict
            self.since = since
        }

        /// The window that holds a moment.
        public func window(at moment: Timestamp) -> BudgetWindow { period.window(at: moment, since: since) }
    }

    /// What becomes of calls whose model has no price.
    public enum Unpriced: Hashable, Sendable {
        /// They are served and count nothing.
        case allow
        /// They count so many nano-USD each; nil for as much as the dearest model of their provider.
        case hold(Int64?)
        /// They are refused.
        case refuse
        /// They are refused, and those too whose price is that of a model with a similar name.
        case exact
    }

    /// Requests a minute; nil for no limit.
    public var requestsPerMinute: Int64?
    /// Tokens a minute, read and written; nil for no limit.
    public var tokensPerMinute: Int64?
    /// Calls and running jobs at once; nil for no limit.
    public var atOnce: Int64?
    /// Jobs that wait; nil for as many as anybody's.
    public var queued: Int64?
    /// Bytes of what is asked by jobs that wait; nil for as many as anybody's.
    public var queuedBytes: Int64?
    /// Money in a time; nil for no limit.
    public var budget: Budget?
    /// Nil for what holds without a word: ``Unpriced/hold(_:)`` with a budget, else ``Unpriced/allow``.
    public var unpriced: Unpriced?
    /// Those that are judged and counted, and refuse nobody.
    public var onTrial: Set<Kind>

    /// Takes all of it; without arguments there are no limits.
    public init(
        requestsPerMinute: Int64? = nil,
        tokensPerMinute: Int64? = nil,
        atOnce: Int64? = nil,
        queued: Int64? = nil,
        queuedBytes: Int64? = nil,
        budget: Budget? = nil,
        unpriced: Unpriced? = nil,
        onTrial: Set<Kind> = []
    ) {
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
        self.atOnce = atOnce
        self.queued = queued
        self.queuedBytes = queuedBytes
        self.budget = budget
        self.unpriced = unpriced
        self.onTrial = onTrial
    }

    /// Whether there are none.
    public var isEmpty: Bool { self == SpendingLimits(onTrial: onTrial) }
}

extension SpendingLimits.Unpriced: CustomStringConvertible {
    /// As ``init(_:)`` reads it.
    public var description: String {
        switch self {
        case .allow: "allow"
        case .hold(nil): "hold"
        case .hold(let nano?): "hold \(nano)"
        case .refuse: "refuse"
        case .exact: "exact"
        }
    }

    /// Reads `allow`, `hold`, `hold` and nano-USD, `refuse` or `exact`; nil for anything else.
    public init?(_ text: String) {
        switch text {
        case "allow": self = .allow
        case "hold": self = .hold(nil)
        case "refuse": self = .refuse
        case "exact": self = .exact
        default:
            guard text.hasPrefix("hold "), let nano = Int64(text.dropFirst(5)), nano >= 0 else { return nil }
            self = .hold(nano)
        }
    }
}
