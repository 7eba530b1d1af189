import HTTPTypes
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTokens
import SluiceTypes

/// The members of OpenAI's body that the gateway itself needs, checked; every other member passes as it is.
struct CallFields {
    /// The most answers that one request may ask for.
    private static let mostChoices: Int64 = 128

    var model: String
    var stream = false
    /// True when the caller asked for the tokens used at the end of a stream.
    var includesUsage = false

    /// Reads OpenAI's body for `operation`.
    ///
    /// - Throws: ``CallFault`` for the first member that can't be.
    init(_ root: JSONValue, _ operation: Operation) throws(CallFault) {
        guard root.kind == .object else {
            throw CallFields.fault("", "must be a JSON object, not \(root.kind.named)")
        }
        model = try CallFields.model(root)
        switch operation {
        case .chat: try CallFields.checkMessages(root)
        case .completion: try CallFields.checkInput(root, "prompt")
        case .embedding: try CallFields.checkInput(root, "input")
        }
        guard operation != .embedding else { return }
        stream = try CallFields.boolean(root, "stream", "stream")
        includesUsage = try CallFields.includesUsage(root)
        if let count = CallFields.given(root, "n") {
            guard let number = count.integer, (1...CallFields.mostChoices).contains(number) else {
                let given = Redaction.quoted(String(decoding: count.bytes, as: UTF8.self))
                throw CallFields.fault("n", "must be a whole number from 1 to \(CallFields.mostChoices), not \(given)")
            }
        }
    }

    private static func model(_ root: JSONValue) throws(CallFault) -> String {
        guard let value = given(root, "model") else {
            throw fault("model", "is required", code: "missing_required_parameter")
        }
        guard let model = value.string, !model.isEmpty else {
            throw fault("model", "must be a string that is not empty" + not(value, .string))
        }
        guard model.utf8.count <= JobLimits.modelBytes else {
            throw fault("model", "must be at most \(JobLimits.modelBytes) bytes long, not \(model.utf8.count)")
        }
        guard ModelRoute.isName(model) else { throw fault("model", "must have no control characters") }
        return model
    }

    private static func checkMessages(_ root: JSONValue) throws(CallFault) {
        guard let messages = given(root, "messages") else {
            throw fault("messages", "is required", code: "missing_required_parameter")
        }
        guard messages.kind == .array, messages.elements.first != nil else {
            throw fault("messages", "must be an array with at least one message" + not(messages, .array))
        }
        for (index, message) in messages.elements.enumerated() {
            guard message.kind == .object else {
                throw fault("messages[\(index)]", "must be an object" + not(message, .object))
            }
            guard let role = message[key: "role"], role.string?.isEmpty == false else {
                throw fault("messages[\(index)].role", "must be a string that is not empty")
            }
        }
    }

    /// Text, or a list that is not empty: of texts, of tokens, or of lists of tokens.
    private static func checkInput(_ root: JSONValue, _ name: String) throws(CallFault) {
        guard let input = given(root, name) else {
            throw fault(name, "is required", code: "missing_required_parameter")
        }
        switch input.kind {
        case .string: return
        case .array where input.elements.first != nil: return
        default: throw fault(name, "must be a string or an array that is not empty" + not(input, .array))
        }
    }

    private static func includesUsage(_ root: JSONValue) throws(CallFault) -> Bool {
        guard let options = given(root, "stream_options") else { return false }
        guard options.kind == .object else {
            throw fault("stream_options", "must be an object" + not(options, .object))
        }
        return try boolean(options, "include_usage", "stream_options.include_usage")
    }

    private static func boolean(_ object: JSONValue, _ name: String, _ path: String) throws(CallFault) -> Bool {
        guard let value = given(object, name) else { return false }
        guard let boolean = value.boolean else { throw fault(path, "must be true or false" + not(value, .boolean)) }
        return boolean
    }

    private static func given(_ object: JSONValue, _ name: String) -> JSONValue? {
        object[key: name].flatMap { $0.isNull ? nil : $0 }
    }

    /// What was given in place of `wanted`, for the end of a sentence.
    private static func not(_ value: JSONValue, _ wanted: JSONValue.Kind) -> String {
        value.kind == wanted ? "" : ", not \(value.kind.named)"
    }

    private static func fault(_ name: String, _ what: String, code: String? = nil) -> CallFault {
        CallFault(name: name, what: what, code: code)
    }

    /// - Throws: ``OpenAIError`` 404 for a model that no row serves, 400 for one whose rows take other formats alone, or whose account
    ///   may have tenants where the request names what it holds, 503 where the rows that serve any of them lack something.
    func check(
        _ engine: Engine,
        _ operation: Operation,
        in format: RequestFormat,
        _ fallbacks: [String],
        _ state: NamedState
    ) throws(OpenAIError) {
        var lacking: String?
        var isServed = false
        for name in [model] + fallbacks {
            let offer = engine.offer(operation, in: format, model: name, isBound: state.member != nil)
            if offer == .unshared, let fault = state.unshared { throw OpenAIError(fault) }
            if let row = try check(offer, operation, name) {
                lacking = lacking ?? row
            } else {
                isServed = true
            }
        }
        if let lacking, !isServed { throw OpenAIError(Problem.unavailable(lacking, model)) }
    }

    /// The row that stands for all where each lacks something.
    private func check(_ offer: Offer, _ operation: Operation, _ name: String) throws(OpenAIError) -> String? {
        switch offer {
        case .served: return nil
        case .unavailable(let row): return row
        case .unshared: throw OpenAIError(.badRequest, code: nil, NamedState.sentence(model: name), parameter: "model")
        case .unknownOperation:
            throw unknown("no provider row of this gateway serves \(operation.rawValue)")
        case .otherFormat(let served):
            let sentence = UnknownName.sentence(model: name, takes: served)
            throw OpenAIError(.badRequest, code: "unsupported_format", sentence, parameter: "model")
        case .unknownModel(let allowed, let nearest):
            throw unknown(UnknownName.sentence(model: name, for: operation, allowed, nearest: nearest))
        }
    }

    private func unknown(_ message: String) -> OpenAIError {
        OpenAIError(.notFound, code: "model_not_found", message, parameter: "model")
    }
}
