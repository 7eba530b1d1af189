import SluiceJSON
import SluiceTypes

/// What one answer used, gathered from the events that tell of it: each member is overwritten by its newer value, and one that
/// an event leaves out, or has as null, stays.
///
/// Counts only grow in a stream. So where an event has 0 for what was read before, as some gateways write into the last one, what
/// was told stays too.
///
/// Source: Anthropic's API reference, "Messages", the object `usage`; its guide "Prompt caching".
struct AnthropicUsage: Sendable {
    private static let ofInput: Set<String> = [
        "input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens",
    ]

    private var members: [(name: String, value: JSONValue)] = []

    /// Takes the `usage` of an event, or of a whole answer.
    mutating func take(_ usage: JSONValue) {
        for (name, value) in usage.members where !value.isNull {
            if let place = members.firstIndex(where: { $0.name == name }) {
                if AnthropicUsage.ofInput.contains(name), value.count == 0 { continue }
                members[place].value = value
            } else {
                members.append((name, value))
            }
        }
    }

    /// The counts, and the gathered object beside them; nil where neither what was read nor what was written is told.
    ///
    /// Anthropic counts what the cache read and took apart from the other input; here `input` includes both.
    var counted: Usage? {
        let fresh = self["input_tokens"]?.count
        let output = self["output_tokens"]?.count
        guard fresh != nil || output != nil else { return nil }
        let read = self["cache_read_input_tokens"]?.count ?? 0
        let written = writes
        var units: [String: Int64] = [:]
        let input = (fresh ?? 0) + read + written.short + written.hour
        if fresh != nil || input > 0 { units[Usage.Unit.input] = input }
        units[Usage.Unit.output] = output
        for (unit, count) in [
            (Usage.Unit.cacheRead, read), (Usage.Unit.cacheWriteShort, written.short),
            (Usage.Unit.cacheWriteHour, written.hour),
        ] where count > 0 {
            units[unit] = count
        }
        units.count(self["output_tokens_details"]?[key: "thinking_tokens"], as: Usage.Unit.reasoning)
        units.count(self["server_tool_use"]?[key: "web_search_requests"], as: Usage.Unit.webSearches)
        return Usage(units: units, raw: object)
    }

    /// What was written into the cache, by how long it is kept: what no member says more of is kept for five minutes.
    private var writes: (short: Int64, hour: Int64) {
        let split = self["cache_creation"]
        let short = split?[key: "ephemeral_5m_input_tokens"]?.count ?? 0
        let hour = split?[key: "ephemeral_1h_input_tokens"]?.count ?? 0
        let whole = max(self["cache_creation_input_tokens"]?.count ?? 0, short + hour)
        return (whole - hour, hour)
    }

    /// The gathered object, its members as they were spelt; empty where there are none.
    var object: [UInt8] {
        guard !members.isEmpty else { return [] }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                for (name, value) in members { writer.member(name, RawJSON(value.bytes)) }
            }
        }
    }

    private subscript(name: String) -> JSONValue? { members.first { $0.name == name }?.value }
}
