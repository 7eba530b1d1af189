public import SluiceJSON
public import SluiceTypes

/// What a request names of what its provider holds for the account that is asked: the first member of each kind.
///
/// Members are written as OpenAI's errors write them: `messages[0].content[1].file.file_id`. One that is null names nothing, and
/// no more does an empty list. Arguments, schemas and texts are not looked into, and neither is what an answer merely mentions, such
/// as a citation: no provider looks up what stands there.
///
/// Source: the request types of OpenAI's Python library 3.57 (chat completions, responses) and of Anthropic's 2.14 (messages); for
/// Gemini's cached contents in OpenAI's format Google's page "OpenAI compatibility"; for files of Mistral's its page "Document QnA".
public struct StateNames: Sendable, Hashable {
    /// What says who pays, which is never a caller's to say.
    public internal(set) var payer: String?
    /// What the provider holds for the account, and would read, run or use: a file, a container, a conversation.
    public internal(set) var state: String?
    /// An item of a conversation that the provider finds by its id alone: an image or a reasoning that comes without its own content.
    public internal(set) var item: String?
    /// An `item_reference`: whoever knows the conversation has the item itself.
    public internal(set) var reference: String?

    /// Looks through a request in `format`, whose body is `root`.
    ///
    /// It takes one walk over the index, which copies nothing unless there is something to name.
    public init(in root: JSONValue, of format: RequestFormat) {
        // The gateway's own body has no such members.
        guard format != .prompt, root.kind == .object else { return }
        Self.note(&payer, root[key: "billing_policy"])
        switch format {
        case .openAIChat: readChat(root)
        case .openAIResponses, .openAICompaction: readResponses(root)
        case .anthropicMessages: readMessages(root)
        // Their inputs are texts and tokens alone.
        case .openAICompletion, .openAIEmbedding, .prompt: break
        }
        guard payer != nil || first != nil else { return }
        // A body may stand in another one, as a prompt's `request` does.
        let base = root.pointer
        payer = payer.map { StateNames.path($0, in: base) }
        state = state.map { StateNames.path($0, in: base) }
        item = item.map { StateNames.path($0, in: base) }
        reference = reference.map { StateNames.path($0, in: base) }
    }

    /// The first member that ties the request to the account that holds what it names; nil where anybody may answer.
    public var first: String? { state ?? item ?? reference }

    /// Keeps the first of a kind, for now by its pointer.
    static func note(_ place: inout String?, _ value: JSONValue?) {
        guard let value, !value.isNull, place == nil else { return }
        if value.kind == .array, value.elements.isEmpty { return }
        place = value.pointer
    }

    /// The place of a member by its pointer, seen from the body, whose own pointer is `base`.
    private static func path(_ pointer: String, in base: String) -> String {
        var path = ""
        for step in pointer.dropFirst(base.count).split(separator: "/") {
            if step.utf8.allSatisfy({ (48...57).contains($0) }) {
                path += "[\(step)]"
            } else {
                path += path.isEmpty ? step : ".\(step)"
            }
        }
        return path
    }
}
