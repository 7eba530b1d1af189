public import SluiceJSON
public import SluiceProvider

/// The reasoning in a request for a response.
///
/// Source: OpenAI's guide "Reasoning", "Encrypted reasoning items".
public enum ResponsesReasoning {
    /// Takes out what only the account can read that wrote it: reasoning that is encrypted, and such as only names what that account
    /// keeps.
    ///
    /// Reasoning whose text can be read is anybody's, and stays. What a model wrote behind its reasoning loses its id: an account that
    /// knows the id refuses an item whose reasoning is not before it.
    ///
    /// - Parameters:
    ///   - request: the body as it came; not one that a ``ResponsesRebuild`` has made, which holds what its account can read.
    ///   - foreign: which of it goes.
    /// - Returns: what is left; nil where nothing has to go.
    /// - Throws: ``ResponsesFault`` for a compaction item where all reasoning has to go: it can't be cut, since it is all that is left of
    ///   a conversation. Of a conversation of which only a part is foreign nobody knows who made it short, and it stays.
    public static func cut(
        from request: Document,
        _ foreign: ForeignReasoning = .all
    ) throws(ResponsesFault) -> ReasoningCut? {
        guard foreign != .first(0), let input = request.root[key: "input"], input.kind == .array else { return nil }
        let all = input.elements
        let items = all.prefix(foreign.end(of: all.count)).map { ResponsesItem($0) }
        guard foreign != .all || !items.contains(where: { $0.kind == .compaction }) else {
            throw .boundElsewhere("a compaction item")
        }
        let cut = items.filter(isForeign)
        guard !cut.isEmpty else { return nil }
        var splice = Splice(request)
        var place = 0
        splice.cut(from: input) { item in
            defer { place += 1 }
            return place < items.count && isForeign(ResponsesItem(item))
        }
        for item in items where isFollower(item) { splice.change(item.value, cutting: ["id"]) }
        return ReasoningCut(splice, DroppedNames(cut.map(\.type)))
    }

    /// Whether only its own account can read it, whatever calls itself reasoning.
    private static func isForeign(_ item: ResponsesItem) -> Bool {
        switch item.kind {
        case .reasoning: item.isEncrypted || item.value[key: "content"]?[0] == nil
        case .unknown: item.isEncrypted
        default: false
        }
    }

    /// Whether it is what a model writes behind its reasoning, and may be sent without an id.
    private static func isFollower(_ item: ResponsesItem) -> Bool {
        switch item.type {
        case "function_call", "custom_tool_call", "web_search_call": true
        case "message": item.value[key: "role"]?.string == "assistant"
        default: false
        }
    }
}
