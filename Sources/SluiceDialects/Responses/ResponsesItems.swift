import SluiceJSON

/// What the items of a response say, as far as it matters here: whether a tool is left to the caller, and how often the provider
/// searched the web.
///
/// Source: the API reference of OpenAI, "The response object", `output`.
struct ResponsesItems {
    /// Calls that the caller answers.
    private static let calls: Set<String> = [
        "function_call", "custom_tool_call", "computer_call", "local_shell_call", "shell_call", "apply_patch_call",
    ]
    /// What the provider itself answers stands beside its call, as a shell's that runs in a container of its own.
    private static let answer = "_call_output"
    private static let search = "web_search_call"

    private var open: Set<String> = []
    private(set) var webSearches: Int64 = 0
    private(set) var isEmpty = true

    init() {}

    /// The items of a whole response.
    init(_ output: JSONValue?) {
        for item in output?.elements ?? [] { note(item) }
    }

    /// True while a call is left to the caller.
    var leavesCalls: Bool { !open.isEmpty }

    /// Takes an item that is whole.
    mutating func note(_ item: JSONValue) {
        isEmpty = false
        guard let type = item[key: "type"]?.string else { return }
        // The provider looks for tools itself, or leaves that to the caller too.
        let isClientSearch = type == "tool_search_call" && item[key: "execution"]?.string == "client"
        if isClientSearch || ResponsesItems.calls.contains(type) {
            open.insert(ResponsesItems.id(item))
        } else if type.hasSuffix(ResponsesItems.answer) || type == "tool_search_output" {
            open.remove(ResponsesItems.id(item))
        } else if type == ResponsesItems.search, ResponsesItems.isSearch(item) {
            webSearches += 1
        }
    }

    private static func id(_ item: JSONValue) -> String {
        item[key: "call_id"]?.string ?? item[key: "id"]?.string ?? ""
    }

    /// To open a page that was found, and to look for a word in it, costs nothing (OpenAI's guide "Web search").
    private static func isSearch(_ item: JSONValue) -> Bool {
        guard item[key: "status"]?.string != "failed" else { return false }
        return item[key: "action"]?[key: "type"]?.string.map { $0 == "search" } ?? true
    }

    /// The text in items that are whole, as it is read from the pieces of a stream: a refusal is none.
    static func text(of output: [JSONValue]) -> String {
        var joiner = SurrogateJoiner()
        var text = ""
        for item in output where item[key: "type"]?.string == "message" {
            // Some servers write a text where the parts should be.
            if let piece = item[key: "content"]?.piece { text += joiner.take(piece) }
            for part in item[key: "content"]?.elements ?? [] where part[key: "type"]?.string == "output_text" {
                if let piece = part[key: "text"]?.piece { text += joiner.take(piece) }
            }
        }
        return text + joiner.end()
    }
}
