import SluiceJSON
import SluiceTypes

extension CallFields {
    /// The most answers that one request may ask for.
    private static let mostChoices: Int64 = 128

    /// Reads OpenAI's body for `operation`.
    ///
    /// - Throws: ``CallFault`` for the first member that can't be.
    init(openAI root: JSONValue, _ operation: Operation) throws(CallFault) {
        try CallFields.checkObject(root)
        self.init(model: try CallFields.model(root))
        switch operation {
        case .chat: try CallFields.checkMessages(root)
        case .completion: try CallFields.checkInput(root, "prompt")
        case .embedding: try CallFields.checkInput(root, "input")
        }
        guard operation != .embedding else { return }
        stream = try CallFields.boolean(root, "stream")
        includesUsage = try CallFields.includesUsage(root)
        if let count = CallFields.given(root, "n") {
            guard let number = count.integer, (1...CallFields.mostChoices).contains(number) else {
                let given = Redaction.quoted(String(decoding: count.bytes, as: UTF8.self))
                throw CallFault("n", "must be a whole number from 1 to \(CallFields.mostChoices), not \(given)")
            }
        }
    }

    /// Text, or a list that is not empty: of texts, of tokens, or of lists of tokens.
    private static func checkInput(_ root: JSONValue, _ name: String) throws(CallFault) {
        guard let input = given(root, name) else { throw .missing(name) }
        switch input.kind {
        case .string: return
        case .array where input.elements.first != nil: return
        default: throw CallFault(name, "must be a string or an array that is not empty" + not(input, .array))
        }
    }

    private static func includesUsage(_ root: JSONValue) throws(CallFault) -> Bool {
        guard let options = given(root, "stream_options") else { return false }
        guard options.kind == .object else {
            throw CallFault("stream_options", "must be an object" + not(options, .object))
        }
        return try boolean(options, "include_usage", "stream_options.include_usage")
    }
}
