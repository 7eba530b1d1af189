import SluiceJSON
import SluiceTypes

extension Usage {
    /// Reads what a response used: its tokens, and the searches of the web, which are paid for by themselves.
    ///
    /// Nil where it tells of neither.
    ///
    /// Source: the API reference of OpenAI, "The response object", `usage` and `tool_usage`; its guide "Prompt caching": where
    /// nothing else is said, what is written into the cache is kept for 30 minutes.
    ///
    /// - Parameters:
    ///   - response: the response.
    ///   - webSearches: how many there are among its items; what the response itself counts goes before.
    init?(response: JSONValue?, webSearches: Int64) {
        let usage = response?[key: "usage"]
        var units: [String: Int64] = [:]
        if let usage, let input = usage[key: "input_tokens"]?.count {
            units[Unit.input] = input
            units[Unit.output] = usage[key: "output_tokens"]?.count ?? 0
            if let details = usage[key: "input_tokens_details"], details.kind == .object {
                units.count(details[key: "cached_tokens"], as: Unit.cacheRead)
                units.countCacheWrites(details)
            }
            if let details = usage[key: "output_tokens_details"], details.kind == .object {
                units.count(details[key: "reasoning_tokens"], as: Unit.reasoning)
            }
        } else if let chat = Usage(openAI: usage) {
            // A gateway that made a response of a chat's answer, and left its counts as they were.
            units = chat.units
        }
        let counted = response?[key: "tool_usage"]?[key: "web_search"]?[key: "num_requests"]?.count
        let searches = counted ?? webSearches
        if searches > 0 { units[Unit.webSearches] = searches }
        guard !units.isEmpty else { return nil }
        self.init(units: units, raw: usage.flatMap { $0.kind == .object ? Array($0.bytes) : nil } ?? [])
        noteTier(of: response)
    }
}

extension [String: Int64] {
    fileprivate mutating func countCacheWrites(_ details: JSONValue) {
        guard let times = details[key: "cache_write_tokens_details"], times.kind == .object else {
            return count(details[key: "cache_write_tokens"], as: Usage.Unit.cacheWriteHalfHour)
        }
        count(times[key: "ttl_30m_tokens"], as: Usage.Unit.cacheWriteHalfHour)
        count(times[key: "ttl_12h_tokens"], as: Usage.Unit.cacheWriteHalfDay)
    }
}
