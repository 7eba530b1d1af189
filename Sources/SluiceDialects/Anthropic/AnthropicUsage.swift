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
        guard let units = AnthropicUsage.units({ self[$0] }) else { return nil }
        let parts = parts(of: units)
        let all = parts.reduce(into: [:]) { $0.merge($1.units) { Int64(clamping: Int128($0) + Int128($1)) } }
        var usage = Usage(units: parts.isEmpty ? units : all, raw: object)
        usage.parts = parts
        for name in Usage.termNames { usage.terms[name] = self[name]?.string }
        return usage
    }

    /// What each run of a model used, where the answer took several, or one that is not its own.
    ///
    /// The numbers beside them are those of the answer's own runs, together: what these leave out of them (searches, or what came
    /// from a cache) is the first one's. A compaction's tokens, and an adviser's, stand in their runs alone.
    ///
    /// Source: Anthropic's API reference, "Messages", `usage.iterations`; its guide "Compaction".
    private func parts(of whole: [String: Int64]) -> [UsagePart] {
        guard let iterations = self["iterations"], iterations.kind == .array else { return [] }
        let runs = iterations.elements.compactMap { run -> (isOwn: Bool, part: UsagePart)? in
            guard run.kind == .object, let units = AnthropicUsage.units({ run[key: $0] }) else { return nil }
            let isOwn = run[key: "type"]?.string.map { $0 == "message" } ?? true
            return (isOwn, UsagePart(model: run[key: "model"]?.string, units: units))
        }
        guard runs.count > 1 || runs.contains(where: { !$0.isOwn }) else { return [] }
        var rest = whole
        for run in runs where run.isOwn { rest.merge(run.part.units) { Int64(clamping: Int128($0) - Int128($1)) } }
        rest = rest.filter { $0.value > 0 && whole[$0.key] != nil }
        var parts = runs.map(\.part)
        if let first = runs.firstIndex(where: \.isOwn) {
            parts[first].units.merge(rest) { Int64(clamping: Int128($0) + Int128($1)) }
        } else {
            parts.append(UsagePart(units: whole))
        }
        return parts
    }

    /// The counts among the members of a usage; nil where neither what was read nor what was written is told.
    private static func units(_ member: (String) -> JSONValue?) -> [String: Int64]? {
        let fresh = member("input_tokens")?.count
        let output = member("output_tokens")?.count
        guard fresh != nil || output != nil else { return nil }
        let read = member("cache_read_input_tokens")?.count ?? 0
        let written = writes(member)
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
        units.count(member("output_tokens_details")?[key: "thinking_tokens"], as: Usage.Unit.reasoning)
        units.count(member("server_tool_use")?[key: "web_search_requests"], as: Usage.Unit.webSearches)
        return units
    }

    /// What was written into the cache, by how long it is kept: what no member says more of is kept for five minutes.
    private static func writes(_ member: (String) -> JSONValue?) -> (short: Int64, hour: Int64) {
        let split = member("cache_creation")
        let short = split?[key: "ephemeral_5m_input_tokens"]?.count ?? 0
        let hour = split?[key: "ephemeral_1h_input_tokens"]?.count ?? 0
        let whole = max(member("cache_creation_input_tokens")?.count ?? 0, short + hour)
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
