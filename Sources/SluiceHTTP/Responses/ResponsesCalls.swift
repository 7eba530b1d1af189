import HTTPTypes
import SluiceDialects
import SluiceJSON
import SluiceTypes

/// OpenAI's Responses, for a caller who waits, and the compactions of their conversations.
struct ResponsesCalls: CallSurface {
    /// What is asked for.
    var format = RequestFormat.openAIResponses

    var surface: Surface { .responses }
    var envelope: ErrorEnvelope { .openAI }

    func format(of operation: Operation) -> RequestFormat { format }

    func fields(of root: JSONValue, for operation: Operation) throws(CallFault) -> CallFields {
        let fields = try CallFields(responses: root)
        if format == .openAICompaction {
            for name in ["stream", "background"] where root[key: name]?.boolean == true {
                throw CallFault(name, "can't be true: a compaction is answered whole, to a caller who waits")
            }
        }
        return fields
    }

    var sessionFields: [HTTPField.Name] { OpenAICalls.sessionFields }

    func session(in root: JSONValue) -> String? { CallSession.cut(root[key: "prompt_cache_key"]?.string) }

    func opening(of root: JSONValue) -> [JSONValue] {
        guard let input = root[key: "input"] else { return [root[key: "previous_response_id"]].compactMap(\.self) }
        let opening = input.kind == .array ? CallSession.opening(of: input) : [input]
        return [root[key: "instructions"]].compactMap(\.self) + opening
    }

    /// Codex spells its metadata in another order each time it sends a body.
    func lasting(in root: JSONValue) -> [UInt8]? {
        var bytes: [UInt8] = []
        for (name, value) in root.members where name != "client_metadata" {
            bytes += name.utf8
            bytes.append(0)
            bytes += value.bytes
            bytes.append(0)
        }
        return bytes
    }

    /// An event of a stream that has not begun is no body.
    func told(_ error: CallError, of root: JSONValue) -> CallError {
        var told = error
        if let own = error.own, ResponsesText.isFailure(own) { told.own = nil }
        return told
    }

    func writer(of call: ParsedCall, as id: JobID, requestID: String) -> any EntryWriter {
        let response = ResponsesObject(
            id: ResponsesID.response(of: id),
            createdAt: id.moment.milliseconds / 1000,
            request: call.document,
            isBackground: false
        )
        return ResponsesText(response)
    }
}
