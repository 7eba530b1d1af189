public import SluiceJSON
public import SluiceProvider

/// The thinking in a request for a message.
///
/// Source: Anthropic's guides "Thinking", "Preserved thinking" and "Context editing"; what its API refuses, in its own sentences.
public enum AnthropicThinking {
    private static let blocks: Set<String> = ["thinking", "redacted_thinking"]
    private static let edit = "clear_thinking_"

    /// Takes the blocks of thinking out of the assistant's turns.
    ///
    /// A turn of nothing else goes as a whole, since none may be empty; the user's turns around it are one to the provider. Where a
    /// fixed budget of thinking is asked for and tools have just answered, the provider insists on a block of thinking before their
    /// calls; then `thinking` goes too, and what of `context_management` can't be without it.
    ///
    /// - Parameters:
    ///   - request: the body as it came.
    ///   - foreign: which of the thinking goes.
    /// - Returns: what is left; nil where there is no such thinking in it.
    public static func cut(from request: Document, _ foreign: ForeignReasoning = .all) -> ReasoningCut? {
        guard foreign != .first(0), let messages = request.root[key: "messages"], messages.kind == .array else {
            return nil
        }
        let turns = messages.elements
        let end = foreign.end(of: turns.count)
        var splice = Splice(request)
        var dropped = DroppedNames()
        var place = 0
        splice.cut(from: messages) { message in
            defer { place += 1 }
            guard place < end else { return false }
            let content = content(of: message)
            let thinking = content.filter(isThinking)
            dropped.add(thinking.compactMap { $0[key: "type"]?.string })
            return !thinking.isEmpty && thinking.count == content.count
        }
        guard !dropped.names.isEmpty else { return nil }
        for message in turns.prefix(end) where !content(of: message).isEmpty {
            if let content = message[key: "content"] { splice.cut(from: content, where: isThinking) }
        }
        // Thinking that stands before the calls is enough.
        let isLastCut = turns.lastIndex { !content(of: $0).isEmpty }.map { $0 < end } ?? false
        if isLastCut, insistsOnThinking(request.root, messages) { cutMode(request.root, &splice, &dropped) }
        return ReasoningCut(splice, dropped)
    }

    /// The blocks of an assistant's turn; none for any other.
    private static func content(of message: JSONValue) -> [JSONValue] {
        message[key: "role"]?.string == "assistant" ? message[key: "content"]?.elements ?? [] : []
    }

    private static func isThinking(_ block: JSONValue) -> Bool {
        block[key: "type"]?.string.map(blocks.contains) ?? false
    }

    /// Whether the provider will not take calls of tools without the thinking that led to them.
    private static func insistsOnThinking(_ root: JSONValue, _ messages: JSONValue) -> Bool {
        guard root[key: "thinking"]?[key: "type"]?.string == "enabled", let last = messages.elements.last else {
            return false
        }
        return last[key: "content"]?.elements.contains { $0[key: "type"]?.string == "tool_result" } ?? false
    }

    /// Has the model answer without thinking.
    private static func cutMode(_ root: JSONValue, _ splice: inout Splice, _ dropped: inout DroppedNames) {
        var members = ["thinking"]
        let management = root[key: "context_management"]
        if let edits = management?[key: "edits"], edits.elements.contains(where: isOfThinking) {
            dropped.add("context_management")
            if edits.elements.allSatisfy(isOfThinking) {
                members.append("context_management")
            } else {
                splice.cut(from: edits, where: isOfThinking)
            }
        }
        dropped.add("thinking")
        splice.change(root, cutting: members)
    }

    private static func isOfThinking(_ value: JSONValue) -> Bool {
        value[key: "type"]?.string?.hasPrefix(edit) ?? false
    }
}
