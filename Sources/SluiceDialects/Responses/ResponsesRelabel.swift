import SluiceJSON

/// Puts the gateway's own id and numbers into what a provider says of a response that runs in the background: its caller knows it by
/// that id, whoever answers, and in whichever attempt.
///
/// Nothing else of the provider's bytes changes but `previous_response_id`, which is the caller's, and a `background` that is there.
///
/// Source: the API reference of OpenAI, "Streaming events".
public struct ResponsesRelabel: Sendable, Hashable {
    /// The id under which the caller knows the response.
    public var id: String
    /// What the caller said comes before it; nil where it named nothing, and what the provider says of it then stays.
    public var previous: String?

    /// Creates what is put in.
    public init(id: String, previous: String? = nil) {
        self.id = id
        self.previous = previous
    }

    /// The data of an event, with its number and the id of the response in it; nil for what is no object.
    public func event(_ data: [UInt8], number: Int64) -> [UInt8]? {
        guard let document = ResponsesRelabel.document(data) else { return nil }
        let root = document.root
        var members = [("sequence_number", Array(number.description.utf8))]
        if root[key: "response_id"]?.string != nil { members.append(("response_id", quoted(id))) }
        var splice = Splice(document)
        splice.change(root, setting: members)
        if let response = root[key: "response"] { change(response, &splice) }
        return splice.text
    }

    /// A response object with the id; nil for what is no object.
    public func object(_ body: [UInt8]) -> [UInt8]? {
        guard let document = ResponsesRelabel.document(body) else { return nil }
        var splice = Splice(document)
        change(document.root, &splice)
        return splice.text
    }

    /// The number in an event of a provider's; nil for none.
    public static func number(in data: [UInt8]) -> Int64? { document(data)?.root[key: "sequence_number"]?.integer }

    private func change(_ response: JSONValue, _ splice: inout Splice) {
        var members = [("id", quoted(id))]
        if let previous { members.append(("previous_response_id", quoted(previous))) }
        if response[key: "background"] != nil { members.append(("background", Array("true".utf8))) }
        splice.change(response, setting: members)
    }

    private static func document(_ data: [UInt8]) -> Document? {
        let document = try? Document(indexing: data, limits: AnswerLimits.json)
        return document?.root.kind == .object ? document : nil
    }

    private func quoted(_ text: String) -> [UInt8] { JSONWriter.bytes { $0.value(text) } }
}
