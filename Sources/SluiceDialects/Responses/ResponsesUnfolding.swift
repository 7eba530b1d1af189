import SluiceJSON

/// Writes a whole response as the events of a stream, for a caller who asked for a stream and a provider that does not know of
/// any.
///
/// Clients put a response together of its events alone, so each item is opened, filled and closed.
///
/// Source: the API reference of OpenAI, "Responses", "Streaming events".
struct ResponsesUnfolding {
    /// The events: the first begins the response, the last ends it.
    private(set) var events: [SSEDecoder.Event] = []
    private var place = 0
    private static let limits = AnswerLimits.json

    init(_ document: Document) {
        let root = document.root
        let begun: [MemberEdit] = [.set("status", Array(#""in_progress""#.utf8)), .set("output", Array("[]".utf8))]
        // What is known only at its end, where the response says it at all.
        let later = ["completed_at", "usage", "incomplete_details"].filter { root[key: $0] != nil }
        let created = ResponsesUnfolding.changed(root, begun + later.map { .set($0, Array("null".utf8)) })
        add("response.created") { $0.member("response", created) }
        for item in root[key: "output"]?.elements ?? [] { unfold(item) }
        let isIncomplete = root[key: "status"]?.string == "incomplete"
        add(isIncomplete ? "response.incomplete" : "response.completed") { $0.member("response", RawJSON(root.bytes)) }
    }

    private mutating func unfold(_ item: JSONValue) {
        let place = place
        let (type, id) = (item[key: "type"]?.string, item[key: "id"].map { RawJSON($0.bytes) })
        let parts = type == "message" ? item[key: "content"]?.elements ?? [] : []
        let arguments = type == "function_call" ? item[key: "arguments"] : nil
        add("response.output_item.added") { writer in
            writer.member("output_index", place)
            writer.member("item", ResponsesUnfolding.opened(item, isMessage: !parts.isEmpty, isCall: arguments != nil))
        }
        for (number, part) in parts.enumerated() { unfold(part, number, of: id) }
        if let arguments { fill("response.function_call_arguments", "arguments", arguments, of: id) }
        add("response.output_item.done") { writer in
            writer.member("output_index", place)
            writer.member("item", RawJSON(item.bytes))
        }
        self.place += 1
    }

    /// The item before anything of it was written.
    private static func opened(_ item: JSONValue, isMessage: Bool, isCall: Bool) -> RawJSON {
        guard isMessage || isCall else { return RawJSON(item.bytes) }
        let empty: MemberEdit = isMessage ? .set("content", Array("[]".utf8)) : .set("arguments", Array(#""""#.utf8))
        return changed(item, [.set("status", Array(#""in_progress""#.utf8)), empty])
    }

    private mutating func unfold(_ part: JSONValue, _ number: Int, of id: RawJSON?) {
        let texts = ["output_text": "text", "refusal": "refusal"]
        let type = part[key: "type"]?.string ?? ""
        let member = texts[type]
        let text = member.flatMap { part[key: $0] }
        let opened =
            member.map { ResponsesUnfolding.changed(part, [.set($0, Array(#""""#.utf8))]) } ?? RawJSON(part.bytes)
        tell("response.content_part.added", number, of: id) { $0.member("part", opened) }
        if let member, let text { fill("response.\(type)", member, text, part: number, of: id) }
        tell("response.content_part.done", number, of: id) { $0.member("part", RawJSON(part.bytes)) }
    }

    /// All of a text in one piece, and its end.
    private mutating func fill(_ name: String, _ member: String, _ text: JSONValue, part: Int? = nil, of id: RawJSON?) {
        let logprobs = name == "response.output_text" ? RawJSON("[]".utf8) : nil
        for (end, member) in [("delta", "delta"), ("done", member)] {
            tell("\(name).\(end)", part, of: id) { writer in
                writer.member(member, RawJSON(text.bytes))
                writer.memberIfPresent("logprobs", logprobs)
            }
        }
    }

    private mutating func tell(_ name: String, _ part: Int?, of id: RawJSON?, _ body: (inout JSONWriter) -> Void) {
        let place = place
        add(name) { writer in
            writer.memberIfPresent("item_id", id)
            writer.member("output_index", place)
            writer.memberIfPresent("content_index", part)
            body(&writer)
        }
    }

    private mutating func add(_ name: String, _ body: (inout JSONWriter) -> Void) {
        let number = events.count
        let data = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("type", name)
                writer.member("sequence_number", number)
                body(&writer)
            }
        }
        events.append(SSEDecoder.Event(name: name, data: data))
    }

    private static func changed(_ value: JSONValue, _ edits: [MemberEdit]) -> RawJSON {
        let changed = try? Document(indexing: Array(value.bytes), limits: limits).applying(edits)
        return RawJSON(changed?.bytes ?? Array(value.bytes))
    }
}
