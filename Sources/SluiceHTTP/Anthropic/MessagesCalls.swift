import HTTPTypes
import SluiceJSON
import SluiceTypes

/// Anthropic's Messages.
struct MessagesCalls: CallSurface {
    var surface: Surface { .anthropic }
    var envelope: ErrorEnvelope { .anthropic }

    func format(of operation: Operation) -> RequestFormat { .anthropicMessages }

    func fields(of root: JSONValue, for operation: Operation) throws(CallFault) -> CallFields {
        try CallFields(messages: root)
    }

    /// The provider's own fallbacks stand in the body, ours in the head; who answers would be nobody's to say.
    func check(_ root: JSONValue, with headers: CallHeaders) throws(CallFault) {
        guard !headers.fallbacks.isEmpty, CallFields.given(root, "fallbacks") != nil else { return }
        throw CallFault(
            "fallbacks",
            "can't be given together with the header field x-sluice-fallbacks; leave one of them out"
        )
    }

    var sessionFields: [HTTPField.Name] { [.claudeSession] }

    func session(in root: JSONValue) -> String? { nil }

    func opening(of root: JSONValue) -> [JSONValue] {
        [root[key: "system"]].compactMap(\.self) + (root[key: "messages"].map { CallSession.opening(of: $0) } ?? [])
    }

    /// A request that is too long is told in the words by which its clients help themselves, whatever the provider's own.
    func told(_ error: CallError, of root: JSONValue) -> CallError {
        guard error.errorClass == .tokenLimit, let sentence = MessagesTooLong.sentence(error, root) else {
            return error
        }
        var told = error
        told.status = .badRequest
        told.message = sentence
        told.own = nil
        return told
    }

    func writer(of call: ParsedCall, as id: JobID, requestID: String) -> any EntryWriter { MessagesText(requestID: requestID) }
}
