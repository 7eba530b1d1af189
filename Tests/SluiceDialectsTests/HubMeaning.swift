import SluiceJSON

/// JSON as its meaning: members in the order of their names, strings decoded, numbers as they are spelled.
///
/// Two bodies of one format that a vendor takes for the same come to the same text: null is no member, one plain text is the
/// same as a string, an input that is a string is a message of the user's, and `reasoning_content` may repeat what
/// `thinking_blocks` say.
enum HubMeaning {
    static func of(_ text: [UInt8]) throws -> String { of(try Document(text).root, named: "") }

    private static func of(_ value: JSONValue, named name: String) -> String {
        switch value.kind {
        case .object: return object(value)
        case .array:
            if ["content", "output", "system"].contains(name), let text = plainText(value) { return quoted(text) }
            return "[\(value.elements.map { of($0, named: "") }.joined(separator: ","))]"
        case .string:
            if name == "stop" { return "[\(quoted(value.string ?? ""))]" }
            if name == "input" { return "[{\"content\":\(quoted(value.string ?? "")),\"role\":\"user\"}]" }
            return quoted(value.string ?? "")
        case .number, .boolean, .null: return String(decoding: value.bytes, as: UTF8.self)
        }
    }

    private static func object(_ value: JSONValue) -> String {
        var members: [String] = []
        for (key, member) in value.members.sorted(by: { $0.key < $1.key }) {
            if member.isNull { continue }
            if key == "type", member.string == "message", value[key: "role"] != nil { continue }
            if ["annotations", "content"].contains(key), member.kind == .array, member.elements.isEmpty { continue }
            if key == "reasoning_content", value[key: "thinking_blocks"] != nil { continue }
            members.append("\(quoted(key)):\(of(member, named: key == "input" && !isBody(value) ? "" : key))")
        }
        return "{\(members.joined(separator: ","))}"
    }

    /// A body, and no call, which has an `input` of its own.
    private static func isBody(_ value: JSONValue) -> Bool { value[key: "model"] != nil }

    private static func plainText(_ array: JSONValue) -> String? {
        let elements = array.elements
        guard elements.count == 1, let type = elements[0][key: "type"]?.string,
            ["text", "input_text", "output_text"].contains(type)
        else { return nil }
        let rest = elements[0].members.filter { name, value in
            !["type", "text"].contains(name) && !value.isNull && !(value.kind == .array && value.elements.isEmpty)
        }
        return rest.isEmpty ? elements[0][key: "text"]?.string : nil
    }

    private static func quoted(_ text: String) -> String {
        String(decoding: JSONWriter.bytes { $0.value(text) }, as: UTF8.self)
    }
}
