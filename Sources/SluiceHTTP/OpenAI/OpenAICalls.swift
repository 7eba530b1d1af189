import HTTPTypes
import SluiceJSON
import SluiceTypes

/// Chat completions, completions and embeddings.
struct OpenAICalls: CallSurface {
    var surface: Surface { .openAI }
    var envelope: ErrorEnvelope { .openAI }

    func format(of operation: Operation) -> RequestFormat { RequestFormat(openAI: operation) }

    func fields(of root: JSONValue, for operation: Operation) throws(CallFault) -> CallFields {
        try CallFields(openAI: root, operation)
    }

    var sessionFields: [HTTPField.Name] { OpenAICalls.sessionFields }

    /// Those of OpenAI's clients, coding agents among them.
    static let sessionFields: [HTTPField.Name] = [
        .known("session-id"), .known("thread-id"), .known("x-session-id"), .known("session_id"),
    ]

    func session(in root: JSONValue) -> String? { CallSession.cut(root[key: "prompt_cache_key"]?.string) }

    func opening(of root: JSONValue) -> [JSONValue] {
        if let messages = root[key: "messages"] { return CallSession.opening(of: messages) }
        return [root[key: "prompt"] ?? root[key: "input"]].compactMap(\.self)
    }

    func writer(of call: ParsedCall, as id: JobID, requestID: String) -> any EntryWriter {
        ChunkText(includesUsage: call.fields.includesUsage)
    }
}
