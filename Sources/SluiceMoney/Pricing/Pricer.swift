/// Prices calls.
public enum Pricer {
    /// Says what a call costs.
    ///
    /// The cost is rounded half-even to nano-USD, once for the whole call.
    public static func price(_ question: PriceQuestion, from sources: PriceSources) -> PriceAnswer {
        var sum = CostSum()
        for (index, entry) in question.entries.enumerated() {
            sum.add(entry, of: question, from: sources, isFirst: index == 0)
        }
        return sum.answer(times: question.multiplier)
    }
}
