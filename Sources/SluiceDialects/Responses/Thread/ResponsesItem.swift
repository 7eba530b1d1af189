import SluiceJSON

/// An item of a response's input or output, and what has to be known of it to carry it on.
struct ResponsesItem {
    /// The item; where a caller sent a text in the place of items, that text.
    let value: JSONValue
    /// Whether a caller sent a text in the place of items: it stands for a message of the user's.
    let isText: Bool
    /// Its type; empty for what is no object and for an object that names none.
    let type: String
    let kind: ResponsesItemKind
    /// Whether it is of the account alone that answered, whatever its kind: a search that the provider ran, a call by a program.
    let isBound: Bool

    /// Takes a text that a caller sent in the place of items.
    private init(text: JSONValue) {
        value = text
        isText = true
        (type, kind, isBound) = ("message", .plain, false)
    }

    init(_ value: JSONValue) {
        self.value = value
        isText = false
        let own = value[key: "type"]?.string
        // The type may be left out of two kinds of items, which can be told apart by what they have.
        let type = own ?? (value[key: "role"] != nil ? "message" : value[key: "id"] != nil ? "item_reference" : "")
        let kind = ResponsesItemKind(type: type)
        self.type = type
        isBound = ResponsesItem.isBound(value, type, kind)
        self.kind =
            type.hasPrefix("shell_call") && value[key: "environment"]?[key: "type"]?.string == "container_reference"
            ? .hosted : kind
    }

    private static func isBound(_ value: JSONValue, _ type: String, _ kind: ResponsesItemKind) -> Bool {
        switch kind {
        case .bound: true
        case .call where type == "tool_search_call", .result where type == "tool_search_output":
            value[key: "execution"]?.string != "client"
        case .call, .result: value[key: "caller"]?[key: "type"]?.string == "program"
        case .unknown: value[key: "encrypted_content"]?.string != nil
        default: false
        }
    }

    /// The items of a request's input; none where it has no input.
    ///
    /// - Throws: ``ResponsesFault`` for an input that is neither a text nor a list.
    static func input(of body: JSONValue) throws(ResponsesFault) -> [ResponsesItem] {
        guard let input = body[key: "input"], !input.isNull else { return [] }
        switch input.kind {
        case .string: return [ResponsesItem(text: input)]
        case .array: return input.elements.map { ResponsesItem($0) }
        default: throw .noInput
        }
    }

    // MARK: What it is called by

    var id: String? { text("id") }

    /// By which a call and its output find each other.
    ///
    /// The output of a local shell may name its call by `id`.
    var callID: String? {
        text("call_id") ?? (type == "local_shell_call_output" || type == "local_shell_call" ? id : nil)
    }

    /// By which an approval names what it approves.
    var approvalRequestID: String? { text("approval_request_id") }

    /// Whether its output may come in a later turn.
    var isAsync: Bool { value[key: "async"]?.boolean == true }

    /// Whether the account that wrote it can read this reasoning without having kept it.
    var holdsReasoning: Bool { isEncrypted || value[key: "content"]?[0] != nil }

    /// Whether it holds what nobody can read but who wrote it.
    var isEncrypted: Bool { text("encrypted_content") != nil }

    private func text(_ name: String) -> String? { value[key: name]?.string.flatMap { $0.isEmpty ? nil : $0 } }

    // MARK: Carrying it on

    /// The types whose `status` says something, or has to be there.
    private static let statusTypes: Set<String> = [
        "computer_call", "local_shell_call", "apply_patch_call", "apply_patch_call_output", "web_search_call",
        "program_output",
    ]

    /// Its bytes for another request, where it is no item of this request's own: without its id, which a provider would look up, and
    /// without what only answers have.
    var carried: [UInt8] {
        guard !isText else { return message }
        var cut = ["created_by"]
        if !(kind == .approvalRequest || type == "local_shell_call_output" && text("call_id") == nil) {
            cut.append("id")
        }
        if !ResponsesItem.statusTypes.contains(type) { cut.append("status") }
        var splice = Splice(value)
        splice.change(value, cutting: cut)
        return splice.isEmpty ? Array(value.bytes) : splice.text
    }

    /// The message that a text stands for.
    private var message: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { message in
                message.member("type", "message")
                message.member("role", "user")
                message.member("content", RawJSON(value.bytes))
            }
        }
    }
}
