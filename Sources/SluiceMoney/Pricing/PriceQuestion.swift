public import SluiceTypes

/// What one wants to know the price of: a call whose usage was told.
public struct PriceQuestion: Sendable {
    /// The model that was asked for, by the name that went to the provider.
    public var asked: String
    /// The model that the answer names; nil where it names none.
    public var answered: String?
    /// When the attempt started: its prices are those of that moment.
    public var moment: Timestamp
    /// How it was made.
    public var terms: CallTerms
    /// What it used.
    ///
    /// Several entries stand for the whole, beside which no total counts.
    public var entries: [UsageEntry]
    /// The row's factor.
    public var multiplier: Multiplier

    /// Takes all of it.
    public init(
        asked: String,
        answered: String? = nil,
        at moment: Timestamp,
        terms: CallTerms = CallTerms(),
        entries: [UsageEntry],
        multiplier: Multiplier = .one
    ) {
        self.asked = asked
        self.answered = answered
        self.moment = moment
        self.terms = terms
        self.entries = entries
        self.multiplier = multiplier
    }
}
