import SluiceJSON
import SluiceProvider
import SluiceTypes

extension ResponsesRendering {
    // MARK: Reading

    /// Adds the turns that an input tells: a text of the user's, or items.
    static func read(_ input: JSONValue, _ turns: inout [HubTurn]) {
        if let text = SpelledText(input) { return turns.append(HubTurn(.user, [HubPart(.text(HubText(text)))])) }
        for item in input.elements { read(item: item, &turns) }
    }

    private static func read(item: JSONValue, _ turns: inout [HubTurn]) {
        var members = MemberTaker(item, dialect)
        let type = members.take("type", .string)?.string ?? "message"
        switch type {
        case "message":
            guard let turn = message(&members) else { break }
            if turn.role == .assistant, !turn.parts.isEmpty, let last = turns.last, last.awaitsMessage {
                turns[turns.count - 1].parts += turn.parts
                turns[turns.count - 1].members = turn.members
            } else {
                turns.append(turn)
            }
            return
        case "function_call", "custom_tool_call", "reasoning":
            guard let part = part(type, &members) else { break }
            return append(part, .assistant, &turns)
        case "function_call_output", "custom_tool_call_output":
            guard let part = part(type, &members) else { break }
            return append(part, .tool, &turns)
        default: break
        }
        let other = HubPart(.other(HubOther(HubForeign(dialect, SpelledJSON(item)), .item)))
        // What a caller gives back for a call of a kind that nobody here knows.
        append(other, type.hasSuffix("_output") || type.hasSuffix("_response") ? .tool : .assistant, &turns)
    }

    private static func append(_ part: HubPart, _ role: HubRole, _ turns: inout [HubTurn]) {
        // Asked in a closure, so that nothing else holds the parts while they grow.
        if turns.last.map({ $0.role == role && !$0.parts.isEmpty }) == true {
            turns[turns.count - 1].parts.append(part)
        } else {
            turns.append(HubTurn(role, [part]))
        }
    }

    private static func message(_ members: inout MemberTaker) -> HubTurn? {
        guard let role = members.take("role", .string)?.string.flatMap(HubRole.init), role != .tool else { return nil }
        let content = members.take("content", .string, .array)
        guard !members.has("content") else { return nil }
        return HubTurn(role, parts(content, of: role), members: members.left())
    }

    private static func part(_ type: String, _ members: inout MemberTaker) -> HubPart? {
        guard let content = content(type, &members) else { return nil }
        return HubPart(content, members: members.left())
    }

    private static func content(_ type: String, _ members: inout MemberTaker) -> HubPart.Content? {
        switch type {
        case "function_call", "custom_tool_call":
            let kind = type == "function_call" ? HubToolKind.function : .custom
            guard let id = members.text("call_id"), let name = members.text("name"),
                let arguments = members.text(ChatRendering.argumentsName(kind))
            else { return nil }
            let namespace = members.text("namespace")
            return .call(HubCall(id: id, name: name, namespace: namespace, arguments: arguments, kind: kind))
        case "reasoning":
            guard let summary = passages(members.array("summary"), "summary_text", .summary),
                let thoughts = passages(members.array("content"), "reasoning_text", .thought)
            else { return nil }
            let opaque = members.text("encrypted_content").map { HubOpaque(dialect, $0) }
            return .reasoning(HubReasoning(summary + thoughts, opaque: opaque))
        default:
            guard let id = members.text("call_id"), let output = members.take("output", .string, .array) else {
                return nil
            }
            let kind = type == "function_call_output" ? HubToolKind.function : .custom
            return .result(HubResult(callID: id, kind: kind, parts(output, of: .tool)))
        }
    }

    /// The passages of an array; nil for one with anything else in it.
    private static func passages(
        _ array: JSONValue?,
        _ type: String,
        _ kind: HubPassageKind
    ) -> [HubReasoning.Passage]? {
        let elements = array?.elements ?? []
        let passages = elements.compactMap { element -> HubReasoning.Passage? in
            guard element.members.count == 2, element[key: "type"]?.string == type else { return nil }
            return SpelledText(element[key: "text"]).map { HubReasoning.Passage(kind, $0) }
        }
        return passages.count == elements.count ? passages : nil
    }

    private static func parts(_ content: JSONValue?, of role: HubRole) -> [HubPart] {
        if let text = SpelledText(content) { return [HubPart(.text(HubText(text)))] }
        return content?.elements.map { part($0, of: role) } ?? []
    }

    private static func part(_ value: JSONValue, of role: HubRole) -> HubPart {
        var members = MemberTaker(value, dialect)
        guard let type = members.take("type", .string)?.string, let content = content(type, of: role, &members) else {
            return HubPart(.other(HubOther(HubForeign(dialect, SpelledJSON(value)), .block)))
        }
        return HubPart(content, members: members.left())
    }

    private static func content(
        _ type: String,
        of role: HubRole,
        _ members: inout MemberTaker
    ) -> HubPart.Content? {
        switch type {
        case textType(role):
            guard let text = members.text("text") else { return nil }
            let citations = members.array("annotations").flatMap { $0.elements.isEmpty ? nil : SpelledJSON($0) }
            return .text(HubText(text, citations: citations.map { HubForeign(dialect, $0) }))
        case "refusal": return members.text("refusal").map { .refusal($0) }
        case "input_image":
            guard !members.has("file_id"), let url = members.text("image_url") else { return nil }
            return .image(HubImage(DataURL.source(url), detail: members.text("detail")))
        case "input_file":
            guard !members.has("file_id"), !(members.has("file_data") && members.has("file_url")) else { return nil }
            if let url = members.text("file_url") { return .file(HubFile(.url(url), name: members.text("filename"))) }
            guard let data = members.text("file_data") else { return nil }
            return .file(HubFile(ChatRendering.file(data), name: members.text("filename")))
        case "input_audio":
            guard let audio = members.object("input_audio"), audio.members.count == 2,
                let data = SpelledText(audio[key: "data"]), let format = SpelledText(audio[key: "format"])
            else { return nil }
            return .audio(HubAudio(data, format: format))
        default: return nil
        }
    }

    /// The type of a text depends on who said it.
    private static func textType(_ role: HubRole) -> String { role == .assistant ? "output_text" : "input_text" }

    // MARK: Writing

    static func write(_ turn: HubTurn, to items: inout JSONWriter) {
        var members = turn.members
        var rest = turn.parts[...]
        if rest.isEmpty { writeMessage([], turn.role, members, to: &items) }
        while let part = rest.first {
            if part.isItem {
                rest.removeFirst()
                if !part.isHidden { writeItem(part, to: &items) }
                continue
            }
            let content = rest.prefix { !$0.isItem }
            rest.removeFirst(content.count)
            writeMessage(content, turn.role, members, to: &items)
            // They are of the one message that the turn came from.
            members = []
        }
    }

    private static func writeMessage(
        _ content: ArraySlice<HubPart>,
        _ role: HubRole,
        _ members: [HubMember],
        to items: inout JSONWriter
    ) {
        let role = role == .tool ? HubRole.user : role
        items.object { item in
            item.member("type", "message")
            item.member("role", role.rawValue)
            item.member("content", array: { array in for part in content { write(part, of: role, to: &array) } })
            item.rest(members, of: dialect)
        }
    }

    /// Writes a call, a result, reasoning or an item that nobody else knows.
    static func writeItem(_ part: HubPart, to items: inout JSONWriter) {
        if case .other(let other) = part.content {
            if other.place == .item, let value = other.value(for: dialect) { items.value(value) }
            return
        }
        items.object { item in
            switch part.content {
            case .call(let call): write(call, to: &item)
            case .result(let result): write(result, to: &item)
            case .reasoning(let reasoning): write(reasoning, to: &item)
            default: break
            }
            item.rest(part.members, of: dialect)
        }
    }

    private static func write(_ call: HubCall, to item: inout JSONWriter) {
        item.member("type", call.kind == .function ? "function_call" : "custom_tool_call")
        item.member("call_id", call.id)
        item.member("name", call.name)
        item.memberIfPresent("namespace", call.namespace)
        item.member(ChatRendering.argumentsName(call.kind), call.arguments)
    }

    private static func write(_ result: HubResult, to item: inout JSONWriter) {
        item.member("type", result.kind == .function ? "function_call_output" : "custom_tool_call_output")
        item.member("call_id", result.callID)
        item.key("output")
        if result.parts.count == 1, let text = result.parts.first?.plainText { return item.value(text) }
        item.array { array in for part in result.parts { write(part, of: .tool, to: &array) } }
    }

    private static func write(_ reasoning: HubReasoning, to item: inout JSONWriter) {
        item.member("type", "reasoning")
        item.member("summary", array: { write(reasoning.passages, .summary, "summary_text", to: &$0) })
        if reasoning.passages.contains(where: { $0.kind == .thought }) {
            item.member("content", array: { write(reasoning.passages, .thought, "reasoning_text", to: &$0) })
        }
        if let opaque = reasoning.opaque, opaque.dialect == dialect { item.member("encrypted_content", opaque.value) }
    }

    private static func write(
        _ passages: [HubReasoning.Passage],
        _ kind: HubPassageKind,
        _ type: String,
        to array: inout JSONWriter
    ) {
        for passage in passages where passage.kind == kind {
            array.object { element in
                element.member("type", type)
                element.member("text", passage.text)
            }
        }
    }

    private static func write(_ part: HubPart, of role: HubRole, to content: inout JSONWriter) {
        if case .other(let other) = part.content {
            if let value = other.value(for: dialect) { content.value(value) }
            return
        }
        guard part.hasSource else { return }
        content.object { writer in
            switch part.content {
            case .text(let text):
                writer.member("type", textType(role))
                writer.member("text", text.text)
                if role == .assistant { writeAnnotations(text.citations, to: &writer) }
            case .refusal(let text):
                writer.member("type", "refusal")
                writer.member("refusal", text)
            case .image(let image):
                writer.member("type", "input_image")
                writer.key("image_url")
                writer.spelled(pieces: DataURL.pieces(image.source) ?? [])
                writer.memberIfPresent("detail", image.detail)
            case .file(let file):
                writer.member("type", "input_file")
                if case .url(let url) = file.source {
                    writer.member("file_url", url)
                } else {
                    writer.key("file_data")
                    writer.spelled(pieces: DataURL.pieces(file.source) ?? [])
                }
                writer.memberIfPresent("filename", file.name)
            case .audio(let audio):
                writer.member("type", "input_audio")
                writer.member(
                    "input_audio",
                    object: { inner in
                        inner.member("data", audio.data)
                        inner.member("format", audio.format)
                    }
                )
            case .call, .result, .reasoning, .other: break
            }
            writer.rest(part.members, of: dialect)
        }
    }

    /// The array, which an answer's text always has.
    static func writeAnnotations(_ citations: HubForeign?, to text: inout JSONWriter) {
        if let citations, citations.dialect == dialect {
            text.member("annotations", citations.value)
        } else {
            text.member("annotations", array: { _ in })
        }
    }
}

extension HubTurn {
    /// Whether it consists of what a model writes before its message, which then belongs to it.
    fileprivate var awaitsMessage: Bool { role == .assistant && !parts.isEmpty && parts.allSatisfy(\.isItem) }
}

extension HubPart {
    /// Whether it is an item of its own, and no part of a message.
    fileprivate var isItem: Bool {
        switch content {
        case .call, .result, .reasoning: true
        case .other(let other): other.place == .item
        case .text, .refusal, .image, .file, .audio: false
        }
    }

    /// Whether it is reasoning of which another dialect alone knows anything.
    fileprivate var isHidden: Bool {
        guard case .reasoning(let reasoning) = content, reasoning.passages.isEmpty else { return false }
        return reasoning.opaque.map { $0.dialect != ResponsesRendering.dialect } ?? false
    }

    /// Whether its bytes can be said by a URL; true for what has none.
    fileprivate var hasSource: Bool {
        switch content {
        case .image(let image): DataURL.pieces(image.source) != nil
        case .file(let file): DataURL.pieces(file.source) != nil
        default: true
        }
    }
}
