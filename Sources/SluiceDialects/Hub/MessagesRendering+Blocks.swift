import SluiceJSON
import SluiceProvider
import SluiceTypes

extension MessagesRendering {
    // MARK: Reading

    /// The turn that a message tells; one of nothing but results is the tools'.
    static func turn(_ message: JSONValue) -> HubTurn {
        var members = MemberTaker(message, dialect)
        let word = members.take("role", .string)?.string
        let content = members.take("content", .string, .array)
        guard let role = word.flatMap(HubRole.init), role != .tool, role != .developer, !members.has("content") else {
            return HubTurn(.user, [HubPart(.other(HubOther(HubForeign(dialect, SpelledJSON(message)), .item)))])
        }
        let parts = parts(content)
        let isResults = role == .user && !parts.isEmpty && parts.allSatisfy { $0.isResult }
        return HubTurn(isResults ? .tool : role, parts, members: members.left())
    }

    /// The parts of a content, which may be a text alone.
    static func parts(_ content: JSONValue?) -> [HubPart] {
        if let text = SpelledText(content) { return [HubPart(.text(HubText(text)))] }
        return content?.elements.map(part) ?? []
    }

    private static func part(_ block: JSONValue) -> HubPart {
        var members = MemberTaker(block, dialect)
        let cache = members.cache()
        guard let type = members.take("type", .string)?.string, let content = content(type, &members) else {
            return HubPart(.other(HubOther(HubForeign(dialect, SpelledJSON(block)), .block)))
        }
        return HubPart(content, cache: cache, members: members.left())
    }

    /// What a block is; nil for one that the hub has no word for, of which nothing is taken apart.
    private static func content(_ type: String, _ members: inout MemberTaker) -> HubPart.Content? {
        switch type {
        case "text":
            guard let text = members.text("text") else { return nil }
            return .text(
                HubText(text, citations: members.array("citations").map { HubForeign(dialect, SpelledJSON($0)) })
            )
        case "image":
            return members.object("source").flatMap(source).flatMap { source in
                if case .text = source { nil } else { .image(HubImage(source)) }
            }
        case "document":
            guard let source = members.object("source").flatMap(source) else { return nil }
            return .file(HubFile(source, name: members.text("title")))
        case "tool_use":
            guard let id = members.text("id"), let name = members.text("name"), let input = members.object("input")
            else { return nil }
            return .call(HubCall(id: id, name: name, arguments: SpelledText(utf8: input.bytes)))
        case "tool_result":
            guard let id = members.text("tool_use_id") else { return nil }
            let parts = parts(members.take("content", .string, .array))
            return .result(HubResult(callID: id, isError: members.boolean("is_error") ?? false, parts))
        case "thinking":
            guard let text = members.text("thinking") else { return nil }
            let signature = members.text("signature").map { HubOpaque(dialect, $0) }
            return .reasoning(HubReasoning([HubReasoning.Passage(.thought, text)], opaque: signature))
        case "redacted_thinking":
            return members.text("data").map { .reasoning(HubReasoning([], opaque: HubOpaque(dialect, $0))) }
        default: return nil
        }
    }

    /// Bytes, an address or a text; nil for a stored file, and for what says more than that.
    private static func source(_ value: JSONValue) -> HubSource? {
        var members = MemberTaker(value, dialect)
        let type = members.take("type", .string)?.string
        let mime = members.text("media_type")
        let data = members.text("data")
        let url = members.text("url")
        guard members.isEmpty else { return nil }
        switch (type, mime, data, url) {
        case ("base64", let mime?, let data?, nil): return .base64(mime: mime, data: data)
        case ("text", let mime?, let data?, nil): return .text(mime: mime, data)
        case ("url", nil, nil, let url?): return .url(url)
        default: return nil
        }
    }

    // MARK: Writing

    static func write(_ turn: HubTurn, to messages: inout JSONWriter) {
        if case .other(let other)? = turn.parts.first?.content, other.place == .item, turn.parts.count == 1 {
            if let value = other.value(for: dialect) { messages.value(value) }
            return
        }
        let role =
            switch turn.role {
            case .system, .developer: "system"
            case .user, .tool: "user"
            case .assistant: "assistant"
            }
        messages.object { message in
            message.member("role", role)
            message.key("content")
            write(turn.parts, to: &message)
            message.rest(turn.members, of: dialect)
        }
    }

    /// One plain text is a string, anything else an array.
    static func write(_ parts: [HubPart], to writer: inout JSONWriter) {
        if parts.count == 1, let text = parts.first?.plainText { return writer.value(text) }
        writer.array { content in for part in parts { write(part, to: &content) } }
    }

    static func write(_ part: HubPart, to content: inout JSONWriter) {
        if case .other(let other) = part.content {
            if other.place == .block, let value = other.value(for: dialect) { content.value(value) }
            return
        }
        guard let type = type(of: part) else { return }
        content.object { block in
            block.member("type", type)
            writeMembers(of: part, to: &block)
            block.member("cache_control", part.cache, of: dialect)
            block.rest(part.members, of: dialect)
        }
    }

    /// Refusals and sound have no block here.
    private static func type(of part: HubPart) -> String? {
        switch part.content {
        case .text: return "text"
        case .image(let image): if case .text = image.source { return nil } else { return "image" }
        case .file: return "document"
        case .call: return "tool_use"
        case .result: return "tool_result"
        case .reasoning(let reasoning):
            guard reasoning.passages.isEmpty else { return "thinking" }
            return reasoning.opaque?.dialect == dialect ? "redacted_thinking" : nil
        case .refusal, .audio, .other: return nil
        }
    }

    private static func writeMembers(of part: HubPart, to block: inout JSONWriter) {
        switch part.content {
        case .text(let text):
            block.member("text", text.text)
            block.member("citations", text.citations, of: dialect)
        case .image(let image): block.member("source", object: { write(image.source, to: &$0) })
        case .file(let file):
            block.member("source", object: { write(file.source, to: &$0) })
            block.memberIfPresent("title", file.name)
        case .call(let call):
            block.member("id", call.id)
            block.member("name", call.name)
            block.member("input", input(call.arguments))
        case .result(let result):
            block.member("tool_use_id", result.callID)
            if !result.parts.isEmpty {
                block.key("content")
                write(result.parts, to: &block)
            }
            if result.isError { block.member("is_error", true) }
        case .reasoning(let reasoning):
            let opaque = reasoning.opaque.flatMap { $0.dialect == dialect ? $0.value : nil }
            guard !reasoning.passages.isEmpty else { return block.memberIfPresent("data", opaque) }
            block.key("thinking")
            block.spelled(pieces: reasoning.passages.map(\.text.spelling))
            block.memberIfPresent("signature", opaque)
        case .refusal, .audio, .other: break
        }
    }

    /// Arguments as the value that they spell.
    ///
    /// A model may have written no JSON at all: its text then stands in a string, so that it can't break the body, and the
    /// provider judges it.
    private static func input(_ arguments: SpelledText) -> SpelledJSON {
        let text = Array(arguments.string.utf8)
        if text.allSatisfy({ " \t\r\n".utf8.contains($0) }) { return SpelledJSON(bytes: Array("{}".utf8)[...]) }
        if (try? Document(indexing: text)) != nil { return SpelledJSON(bytes: text[...]) }
        return SpelledJSON(bytes: JSONWriter.bytes { $0.value(arguments) }[...])
    }

    private static func write(_ source: HubSource, to object: inout JSONWriter) {
        switch source {
        case .url(let url):
            object.member("type", "url")
            object.member("url", url)
        case .base64(let mime, let data):
            object.member("type", "base64")
            object.memberIfPresent("media_type", mime)
            object.member("data", data)
        case .text(let mime, let text):
            object.member("type", "text")
            object.member("media_type", mime)
            object.member("data", text)
        }
    }
}

extension HubPart {
    /// True for the result of a call.
    fileprivate var isResult: Bool {
        if case .result = content { true } else { false }
    }
}
