import SluiceJSON
import SluiceTypes

/// What a body of OpenAI's Responses asks of the gateway itself.
///
/// Source: the API reference of OpenAI, "Create a model response".
struct ResponsesOptions: Sendable, Hashable {
    /// Nobody waits for the answer.
    var isBackground: Bool
    /// Whether the answer may be fetched later.
    var stores: Bool
    /// The id of the response that this one continues.
    var previous: String?
    /// How long an answer that nobody waits for may take; nil for as long as a prompt may.
    var window: Duration?

    /// Reads them.
    ///
    /// - Throws: ``CallFault`` for the first member that can't be.
    init(_ root: JSONValue) throws(CallFault) {
        isBackground = try CallFields.boolean(root, "background")
        let store = try CallFields.boolean(root, "store")
        stores = store || CallFields.given(root, "store") == nil
        previous = try ResponsesOptions.text(root, "previous_response_id")
        if previous != nil, CallFields.given(root, "conversation") != nil {
            throw CallFault(
                "previous_response_id",
                "can't be given together with conversation",
                code: "mutually_exclusive_parameters"
            )
        }
        guard let options = CallFields.given(root, "background_options") else { return }
        guard options.kind == .object else {
            throw CallFault("background_options", "must be an object" + CallFields.not(options, .object))
        }
        window = try ResponsesOptions.window(options)
        guard isBackground || window == nil else {
            throw CallFault("background_options.completion_window", "needs background to be true")
        }
    }

    private static func window(_ options: JSONValue) throws(CallFault) -> Duration? {
        let name = "background_options.completion_window"
        guard let text = try text(options, "completion_window", name), text != "soonest" else { return nil }
        guard let window = windows[text] else {
            throw CallFault(name, "must be soonest, 2h or 8h, not \(Redaction.quoted(text))")
        }
        return window
    }

    private static let windows: [String: Duration] = ["2h": .seconds(7200), "8h": .seconds(28_800)]

    private static func text(
        _ object: JSONValue,
        _ name: String,
        _ path: String? = nil
    ) throws(CallFault) -> String? {
        guard let value = CallFields.given(object, name) else { return nil }
        guard let text = value.string, !text.isEmpty else {
            throw CallFault(path ?? name, "must be a string that is not empty" + CallFields.not(value, .string))
        }
        return text
    }
}

extension CallFields {
    /// Reads the body of OpenAI's Responses.
    ///
    /// - Throws: ``CallFault`` for the first member that can't be.
    init(responses root: JSONValue) throws(CallFault) {
        try CallFields.checkObject(root)
        self.init(model: try CallFields.model(root))
        if let input = CallFields.given(root, "input"), input.kind != .string, input.kind != .array {
            throw CallFault("input", "must be a string or an array" + CallFields.not(input, .array))
        }
        stream = try CallFields.boolean(root, "stream")
        _ = try ResponsesOptions(root)
    }
}
