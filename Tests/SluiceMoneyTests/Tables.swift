import SluiceJSON
import SluiceMoney
import SluiceTypes

/// A table in which one model `m` of the list `p` has these prices, for tests that need few.
func table(units: String, more: String = "", before: String = "") throws -> PriceTable {
    let text = """
        {"format": 1, "source": {"package": "test", "version": "1"}, "lists": [
        {"id": "p", "models": [\(before){"id": "m"\(more), "prices": [{"units": \(units)}]}]}]}
        """
    return try PriceTable(json: Array(text.utf8))
}

/// The answer for usage of the model `m`.
func answer(
    _ table: PriceTable,
    _ units: [String: Int64],
    terms: CallTerms = CallTerms(),
    at moment: String = "2026-11-30T12:00:00Z",
    multiplier: Multiplier = .one
) -> PriceAnswer {
    let question = PriceQuestion(
        asked: "m",
        at: Timestamp(rfc3339: moment) ?? Timestamp(milliseconds: 0),
        terms: terms,
        entries: [UsageEntry(units: units)],
        multiplier: multiplier
    )
    return Pricer.price(question, from: PriceSources(tables: [table], list: "p"))
}
