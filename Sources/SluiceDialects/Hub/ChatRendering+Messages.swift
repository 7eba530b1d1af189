import SluiceJSON
import SluiceProvider
import SluiceTypes

extension ChatRendering {
    /// The turns that messages tell; results that follow each other are one turn.
    static func turns(_ messages: [JSONValue]) -> [HubTurn] {
        var turns: [HubTurn] = []
        for message in messages {
            let turn = turn(message)
            if turn.role == .tool, turns.last?.role == .tool {
                turns[turns.count - 1].parts += turn.parts
            } else {
                turns.append(turn)
            }
        }
        return turns
    }

    private static func turn(_ message: JSONValue) -> HubTurn {
        var members = MemberTaker(message, dialect)
        let word = members.take("role", .string)?.string
        let content = members.take("content", .string, .array)
        guard let role = word.flatMap(HubRole.init), !members.has("content") else {
            return HubTurn(word == "function" ? .tool : .user, [other(message, .item)])
        }
        switch role {
        case .assistant:
            let parts = answerParts(content, &members)
            return HubTurn(.assistant, parts, members: members.left())
        case .tool:
            guard let id = members.text("tool_call_id") else { return HubTurn(.tool, [other(message, .item)]) }
            let result = HubResult(callID: id, parts(content))
            return HubTurn(.tool, [HubPart(.result(result), members: members.left())])
        case .system, .developer, .user: return HubTurn(role, parts(content), members: members.left())
        }
    }

    /// The parts of an assistant's message: reasoning, text, refusal, calls, which is all the order that there is.
    static func answerParts(_ content: JSONValue?, _ members: inout MemberTaker) -> [HubPart] {
        let thinking = members.array("thinking_blocks")?.elements.map(thinking) ?? []
        var parts: [HubPart] = []
        if let thought = members.text("reasoning_content") {
            let rest = unsigned(thought, beside: thinking)
            if !rest.isEmpty || thinking.isEmpty {
                parts.append(HubPart(.reasoning(HubReasoning([HubReasoning.Passage(.thought, rest)]))))
            }
        }
        parts += thinking
        if let text = SpelledText(content) {
            let citations = members.array("annotations").flatMap { $0.elements.isEmpty ? nil : SpelledJSON($0) }
            parts.append(HubPart(.text(HubText(text, citations: citations.map { HubForeign(dialect, $0) }))))
        } else {
            parts += self.parts(content)
        }
        if let refusal = members.text("refusal") { parts.append(HubPart(.refusal(refusal))) }
        parts += members.array("tool_calls")?.elements.map(call) ?? []
        return parts
    }

    /// What `reasoning_content` says beyond the blocks, whose texts it repeats; they are told once.
    private static func unsigned(_ thought: SpelledText, beside thinking: [HubPart]) -> SpelledText {
        let known = thinking.flatMap(\.passages).flatMap(\.text.spelling)
        guard thought.spelling.count >= known.count, thought.spelling.suffix(known.count) == known[...] else {
            return thought
        }
        return SpelledText(spelling: thought.spelling.dropLast(known.count))
    }

    static func other(_ value: JSONValue, _ place: HubOther.Place) -> HubPart {
        HubPart(.other(HubOther(HubForeign(dialect, SpelledJSON(value)), place)))
    }

    private static func parts(_ content: JSONValue?) -> [HubPart] {
        if let text = SpelledText(content) { return [HubPart(.text(HubText(text)))] }
        return content?.elements.map(part) ?? []
    }

    private static func part(_ value: JSONValue) -> HubPart {
        var outer = MemberTaker(value, dialect)
        let cache = outer.cache()
        var inner: (name: String, members: MemberTaker)?
        guard let type = outer.take("type", .string)?.string,
            let content = content(type, &outer, &inner)
        else { return other(value, .block) }
        let rest = outer.left() + (inner.map { $0.members.left(in: $0.name) } ?? [])
        return HubPart(content, cache: cache, members: rest)
    }

    private static func content(
        _ type: String,
        _ outer: inout MemberTaker,
        _ inner: inout (name: String, members: MemberTaker)?
    ) -> HubPart.Content? {
        switch type {
        case "text": return outer.text("text").map { .text(HubText($0)) }
        case "refusal": return outer.text("refusal").map { .refusal($0) }
        case "image_url", "input_audio", "file":
            var members = MemberTaker(outer.object(type), dialect)
            defer { inner = (type, members) }
            return nested(type, &members)
        default: return nil
        }
    }

    private static func nested(_ type: String, _ members: inout MemberTaker) -> HubPart.Content? {
        switch type {
        case "image_url":
            guard let url = members.text("url") else { return nil }
            return .image(HubImage(DataURL.source(url), detail: members.text("detail")))
        case "input_audio":
            guard let data = members.text("data"), let format = members.text("format") else { return nil }
            return .audio(HubAudio(data, format: format))
        default:
            guard !members.has("file_id"), let data = members.text("file_data") else { return nil }
            return .file(HubFile(file(data), name: members.text("filename")))
        }
    }

    /// Base64 may stand without the head of a URL.
    static func file(_ data: SpelledText) -> HubSource {
        if case .base64(let mime, let data) = DataURL.source(data) { return .base64(mime: mime, data: data) }
        return .base64(mime: nil, data: data)
    }

    private static func thinking(_ block: JSONValue) -> HubPart {
        var members = MemberTaker(block, dialect)
        let reasoning: HubReasoning
        switch members.take("type", .string)?.string {
        case "thinking":
            guard let text = members.text("thinking"), let signature = members.text("signature") else {
                return other(block, .reasoning)
            }
            reasoning = HubReasoning([HubReasoning.Passage(.thought, text)], opaque: HubOpaque(dialect, signature))
        case "redacted_thinking":
            guard let data = members.text("data") else { return other(block, .reasoning) }
            reasoning = HubReasoning([], opaque: HubOpaque(dialect, data))
        default: return other(block, .reasoning)
        }
        let cache = members.cache()
        return HubPart(.reasoning(reasoning), cache: cache, members: members.left())
    }

    private static func call(_ value: JSONValue) -> HubPart {
        var outer = MemberTaker(value, dialect)
        guard let kind = HubToolKind(rawValue: outer.take("type", .string)?.string ?? "function"),
            let inner = outer.object(kind.rawValue)
        else { return other(value, .call) }
        outer.drop("index")
        var members = MemberTaker(inner, dialect)
        guard let name = members.text("name"), let arguments = members.text(argumentsName(kind)) else {
            return other(value, .call)
        }
        var call = HubCall(id: outer.text("id") ?? "", name: name, arguments: arguments, kind: kind)
        if let signature = signature(value[key: "extra_content"], isAlone: true) {
            call.opaque = HubOpaque(dialect, signature)
            outer.drop("extra_content")
        }
        return HubPart(.call(call), members: outer.left() + members.left(in: kind.rawValue))
    }

    static func argumentsName(_ kind: HubToolKind) -> String {
        switch kind {
        case .function: "arguments"
        case .custom: "input"
        }
    }

    /// Google's signature; where it must be alone, nil for a value that says more.
    static func signature(_ extra: JSONValue?, isAlone: Bool) -> SpelledText? {
        guard let extra, let google = extra[key: "google"] else { return nil }
        guard !isAlone || extra.members.count == 1 && google.members.count == 1 else { return nil }
        return SpelledText(google[key: "thought_signature"])
    }

    // MARK: Writing

    static func write(_ turn: HubTurn, to messages: inout JSONWriter) {
        // Results and items are messages of their own; a message of which nothing else is left is none.
        guard turn.parts.contains(where: \.isMessage) else { return write(turn, turn.parts, to: &messages) }
        var said: [HubPart] = []
        for part in turn.parts {
            switch part.content {
            case .result(let result): write(result, part.members, to: &messages)
            case .other(let other) where other.place == .item:
                if let value = other.value(for: dialect) { messages.value(value) }
            default: said.append(part)
            }
        }
        if !said.isEmpty { write(turn, said, to: &messages) }
    }

    private static func write(_ turn: HubTurn, _ parts: [HubPart], to messages: inout JSONWriter) {
        messages.object { message in
            message.member("role", turn.role == .tool ? "user" : turn.role.rawValue)
            if turn.role == .assistant {
                writeAnswer(parts, to: &message)
            } else {
                message.key("content")
                write(parts[...], to: &message)
            }
            message.rest(turn.members, of: dialect)
        }
    }

    private static func write(_ result: HubResult, _ members: [HubMember], to messages: inout JSONWriter) {
        messages.object { message in
            message.member("role", "tool")
            message.member("tool_call_id", result.callID)
            message.key("content")
            if result.parts.isEmpty { message.null() } else { write(result.parts[...], to: &message) }
            message.rest(members, of: dialect)
        }
    }

    /// One plain text is a string, which every provider takes; anything else is an array.
    private static func write(_ parts: ArraySlice<HubPart>, to writer: inout JSONWriter) {
        if parts.count == 1, let text = parts.first?.plainText { return writer.value(text) }
        writer.array { content in for part in parts { write(part, to: &content) } }
    }

    /// The members of an assistant's message but for its role.
    ///
    /// Reasoning that is signed stands in `thinking_blocks`, and what can be read of any in `reasoning_content` as well, where
    /// most clients look for it.
    static func writeAnswer(_ parts: [HubPart], to message: inout JSONWriter) {
        var content: [HubPart] = []
        var thoughts: [SpelledText] = []
        var thinking: [HubPart] = []
        var calls: [HubPart] = []
        for part in parts {
            switch part.content {
            case .reasoning(let reasoning):
                if reasoning.opaque?.dialect == dialect {
                    thinking.append(part)
                } else {
                    thoughts += reasoning.passages.map(\.text)
                }
            case .call: calls.append(part)
            case .other(let other) where other.place == .reasoning: thinking.append(part)
            case .other(let other) where other.place == .call: calls.append(part)
            default: content.append(part)
            }
        }
        // Behind what is nowhere else, so that a reader can tell what is repeated.
        thoughts += thinking.flatMap(\.passages).map(\.text)
        var refusal: SpelledText?
        if case .refusal(let text)? = content.last?.content, content.last?.members.isEmpty == true {
            refusal = text
            content.removeLast()
        }
        message.key("content")
        writeAnswerContent(content, to: &message)
        message.memberIfPresent("refusal", refusal)
        if !thoughts.isEmpty {
            message.key("reasoning_content")
            message.spelled(pieces: thoughts.map(\.spelling))
        }
        if !thinking.isEmpty {
            message.member(
                "thinking_blocks",
                array: { blocks in for part in thinking { writeThinking(part, to: &blocks) } }
            )
        }
        if !calls.isEmpty {
            message.member("tool_calls", array: { array in for part in calls { writeCall(part, to: &array) } })
        }
    }

    private static func writeAnswerContent(_ parts: [HubPart], to message: inout JSONWriter) {
        guard parts.count == 1, case .text(let text)? = parts.first?.content, let citations = text.citations else {
            return parts.isEmpty ? message.null() : write(parts[...], to: &message)
        }
        message.value(text.text)
        message.member("annotations", citations, of: dialect)
    }

    private static func write(_ part: HubPart, to content: inout JSONWriter) {
        if case .other(let other) = part.content {
            if let value = other.value(for: dialect) { content.value(value) }
            return
        }
        guard let type = type(of: part) else { return }
        content.object { writer in
            writer.member("type", type)
            switch part.content {
            case .text(let text): writer.member("text", text.text)
            case .refusal(let text): writer.member("refusal", text)
            default: writer.member(type, object: { writeNested(part, type, to: &$0) })
            }
            writer.member("cache_control", part.cache, of: dialect)
            writer.rest(part.members, of: dialect)
        }
    }

    private static func type(of part: HubPart) -> String? {
        switch part.content {
        case .text: "text"
        case .refusal: "refusal"
        case .image(let image): DataURL.pieces(image.source) == nil ? nil : "image_url"
        case .file(let file): DataURL.pieces(file.source) == nil ? nil : "file"
        case .audio: "input_audio"
        case .call, .result, .reasoning, .other: nil
        }
    }

    private static func writeNested(_ part: HubPart, _ type: String, to inner: inout JSONWriter) {
        switch part.content {
        case .image(let image):
            inner.key("url")
            inner.spelled(pieces: DataURL.pieces(image.source) ?? [])
            inner.memberIfPresent("detail", image.detail)
        case .file(let file):
            inner.key("file_data")
            inner.spelled(pieces: DataURL.pieces(file.source) ?? [])
            inner.memberIfPresent("filename", file.name)
        case .audio(let audio):
            inner.member("data", audio.data)
            inner.member("format", audio.format)
        case .text, .refusal, .call, .result, .reasoning, .other: break
        }
        inner.rest(part.members, of: dialect, in: type)
    }

    static func writeThinking(_ part: HubPart, to blocks: inout JSONWriter) {
        switch part.content {
        case .reasoning(let reasoning):
            blocks.object { block in
                if reasoning.passages.isEmpty {
                    block.member("type", "redacted_thinking")
                    block.memberIfPresent("data", reasoning.opaque?.value)
                } else {
                    block.member("type", "thinking")
                    block.key("thinking")
                    block.spelled(pieces: reasoning.passages.map(\.text.spelling))
                    block.memberIfPresent("signature", reasoning.opaque?.value)
                }
                block.member("cache_control", part.cache, of: dialect)
                block.rest(part.members, of: dialect)
            }
        case .other(let other): if let value = other.value(for: dialect) { blocks.value(value) }
        default: break
        }
    }

    private static func writeCall(_ part: HubPart, to calls: inout JSONWriter) {
        switch part.content {
        case .call(let call):
            calls.object { writer in
                if !call.id.isEmpty { writer.member("id", call.id) }
                let kind = call.kind.rawValue
                writer.member("type", kind)
                writer.member(
                    kind,
                    object: { inner in
                        inner.member("name", call.name)
                        inner.member(argumentsName(call.kind), call.arguments)
                        inner.rest(part.members, of: dialect, in: kind)
                    }
                )
                writeSignature(call.opaque, to: &writer)
                writer.rest(part.members, of: dialect)
            }
        case .other(let other): if let value = other.value(for: dialect) { calls.value(value) }
        default: break
        }
    }

    static func writeSignature(_ opaque: HubOpaque?, to call: inout JSONWriter) {
        guard let opaque, opaque.dialect == dialect else { return }
        call.member(
            "extra_content",
            object: { extra in extra.member("google", object: { $0.member("thought_signature", opaque.value) }) }
        )
    }
}

extension HubPart {
    /// Whether it is a message of its own.
    fileprivate var isMessage: Bool {
        switch content {
        case .result: true
        case .other(let other): other.place == .item
        default: false
        }
    }

    /// What can be read of a reasoning; nothing of any other part.
    var passages: [HubReasoning.Passage] {
        if case .reasoning(let reasoning) = content { reasoning.passages } else { [] }
    }
}
