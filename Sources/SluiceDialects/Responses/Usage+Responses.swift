import SluiceJSON
import SluiceTypes

extension Usage {
    /// Reads the `usage` of a response, and counts the searches of the web among its items, which are paid for by themselves.
    ///
    /// Nil where there is neither.
    ///
    /// Source: the API reference of OpenAI, "The response object", and its guide "Prompt caching": what is written into its cache
    /// is kept for 30 minutes, the only time there is.
    init?(responses value: JSONValue?, webSearches: Int64) {
        var units: [String: Int64] = [:]
        var raw: [UInt8] = []
        if let value, let input = value[key: "input_tokens"]?.count {
            units[Unit.input] = input
            units[Unit.output] = value[key: "output_tokens"]?.count ?? 0
            if let details = value[key: "input_tokens_details"], details.kind == .object {
                units.count(details[key: "cached_tokens"], as: Unit.cacheRead)
                units.count(details[key: "cache_write_tokens"], as: Unit.cacheWriteHalfHour)
            }
            if let details = value[key: "output_tokens_details"], details.kind == .object {
                units.count(details[key: "reasoning_tokens"], as: Unit.reasoning)
            }
            raw = Array(value.bytes)
        } else if let chat = Usage(openAI: value) {
            // A gateway that made a response of a chat's answer, and left its counts as they were.
            units = chat.units
            raw = chat.raw
        }
        if webSearches > 0 { units[Unit.webSearches] = webSearches }
        guard !units.isEmpty else { return nil }
        self.init(units: units, raw: raw)
    }
}
