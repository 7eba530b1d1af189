/// A shape of a chat on the wire, spelt as its clients and its providers spell it.
///
/// Texts stand in it as they are given: without quotes, backslashes and control characters.
package enum ChatFormat: String, Sendable, CaseIterable {
    /// OpenAI's chat completions.
    case chat
    /// Anthropic's Messages.
    case messages
    /// OpenAI's Responses.
    case responses

    /// The format that is asked for at a path; nil for a path of none.
    package init?(path: String) {
        let place = path.prefix { $0 != "?" }
        guard let format = ChatFormat.allCases.first(where: { place.hasSuffix($0.place) }) else { return nil }
        self = format
    }

    /// The path on both sides of the gateway.
    package var path: String { "/v1" + place }

    /// The adapter of a row that speaks it.
    package var adapter: String {
        switch self {
        case .chat: "openai-chat"
        case .messages: "anthropic-messages"
        case .responses: "openai-responses"
        }
    }

    private var place: String {
        switch self {
        case .chat: "/chat/completions"
        case .messages: "/messages"
        case .responses: "/responses"
        }
    }

    /// A request's body; `more` are further members, with a comma before each.
    package func request(
        _ model: String,
        _ text: String = "Hello",
        isStream: Bool = false,
        _ more: String = ""
    ) -> String {
        let said =
            switch self {
            case .chat: #""messages":[{"role":"user","content":"\#(text)"}]"#
            case .messages: #""max_tokens":64,"messages":[{"role":"user","content":"\#(text)"}]"#
            case .responses: #""input":"\#(text)""#
            }
        return #"{"model":"\#(model)",\#(said),"stream":\#(isStream)\#(more)}"#
    }

    /// The body of a whole answer; `id` is its own.
    package func answer(
        _ text: String,
        id: String = "id-1",
        usage: (input: Int, output: Int) = (9, 12)
    ) -> String {
        switch self {
        case .chat:
            #"{"id":"\#(id)","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,"#
                + #""message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}],"#
                + #""usage":\#(chatUsage(usage))}"#
        case .messages:
            #"{"id":"\#(id)","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"\#(text)"}],"#
                + #""stop_reason":"end_turn","stop_sequence":null,"#
                + #""usage":{"input_tokens":\#(usage.input),"output_tokens":\#(usage.output)}}"#
        case .responses: response(id, "completed", [item(text)], usage)
        }
    }

    func chatUsage(_ usage: (input: Int, output: Int)) -> String {
        #"{"prompt_tokens":\#(usage.input),"completion_tokens":\#(usage.output),"total_tokens":\#(usage.input + usage.output)}"#
    }

    /// An object of OpenAI's Responses.
    func response(_ id: String, _ status: String, _ items: [String], _ usage: (input: Int, output: Int)?) -> String {
        let tokens = usage.map {
            #"{"input_tokens":\#($0.input),"input_tokens_details":{"cached_tokens":0},"output_tokens":\#($0.output),"#
                + #""output_tokens_details":{"reasoning_tokens":0},"total_tokens":\#($0.input + $0.output)}"#
        }
        return #"{"id":"\#(id)","object":"response","created_at":1700000000,"status":"\#(status)","model":"m","#
            + #""output":[\#(items.joined(separator: ","))],"usage":\#(tokens ?? "null")}"#
    }

    /// The one output item of a response that says a text.
    func item(_ text: String) -> String {
        #"{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[\#(part(text))]}"#
    }

    func part(_ text: String) -> String { #"{"type":"output_text","text":"\#(text)","annotations":[]}"# }
}
