import SluiceJSON
import SluiceStore
import SluiceTypes

/// The members of a call's body that the gateway itself needs; every other member passes as it is.
struct CallFields {
    var model: String
    var stream = false
    /// True when the caller asked for the tokens used at the end of a stream, where its protocol has that to be asked for.
    var includesUsage = false

    /// Reads the member `model`.
    ///
    /// - Throws: ``CallFault`` where it is missing or is no model's name.
    static func model(_ root: JSONValue) throws(CallFault) -> String {
        guard let value = given(root, "model") else { throw .missing("model") }
        guard let model = value.string, !model.isEmpty else {
            throw CallFault("model", "must be a string that is not empty" + not(value, .string))
        }
        guard model.utf8.count <= JobLimits.modelBytes else {
            throw CallFault("model", "must be at most \(JobLimits.modelBytes) bytes long, not \(model.utf8.count)")
        }
        guard ModelRoute.isName(model) else { throw CallFault("model", "must have no control characters") }
        return model
    }

    /// Reads `name` of `object`, false where it is absent or null; `path` names it in a fault.
    ///
    /// - Throws: ``CallFault`` for what is neither true nor false.
    static func boolean(_ object: JSONValue, _ name: String, _ path: String? = nil) throws(CallFault) -> Bool {
        guard let value = given(object, name) else { return false }
        guard let boolean = value.boolean else {
            throw CallFault(path ?? name, "must be true or false" + not(value, .boolean))
        }
        return boolean
    }

    /// Reads a list of messages, each of which must be an object with a role.
    ///
    /// - Throws: ``CallFault`` where it is missing, empty or something else.
    static func checkMessages(_ root: JSONValue) throws(CallFault) {
        guard let messages = given(root, "messages") else { throw .missing("messages") }
        guard messages.kind == .array, messages.elements.first != nil else {
            throw CallFault("messages", "must be an array with at least one message" + not(messages, .array))
        }
        for (index, message) in messages.elements.enumerated() {
            guard message.kind == .object else {
                throw CallFault("messages[\(index)]", "must be an object" + not(message, .object))
            }
            guard let role = message[key: "role"], role.string?.isEmpty == false else {
                throw CallFault("messages[\(index)].role", "must be a string that is not empty")
            }
        }
    }

    /// - Throws: ``CallFault`` unless `root` is an object.
    static func checkObject(_ root: JSONValue) throws(CallFault) {
        guard root.kind == .object else { throw CallFault("", "must be a JSON object, not \(root.kind.named)") }
    }

    /// The member `name`; nil where it is absent or null.
    static func given(_ object: JSONValue, _ name: String) -> JSONValue? {
        object[key: name].flatMap { $0.isNull ? nil : $0 }
    }

    /// What was given in place of `wanted`, for the end of a sentence.
    static func not(_ value: JSONValue, _ wanted: JSONValue.Kind) -> String {
        value.kind == wanted ? "" : ", not \(value.kind.named)"
    }
}
