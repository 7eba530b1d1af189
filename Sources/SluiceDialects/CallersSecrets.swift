import SluiceJSON
import SluiceTypes

/// What a caller gave its provider to show at a server of the caller's own: stored with the request, which may have to wait, and shown to
/// nobody.
///
/// Source: the API reference of OpenAI, "Responses", the tool `mcp`; Anthropic's guide "MCP connector".
public enum CallersSecrets {
    /// Lists of what may hold them, in a request, in a response and in items of either.
    private static let lists = ["tools", "mcp_servers"]
    private static let names = ["authorization", "authorization_token"]
    private static let headers = "headers"

    /// `json` with a mark in the place of each secret: a token, and the value of each header field.
    ///
    /// It is as it was where there is none, and where it is no JSON object. `json` is a request, an answer, or an event of one.
    public static func hidden(in json: [UInt8]) -> [UInt8] {
        guard let document = try? Document(indexing: json, limits: AnswerLimits.json) else { return json }
        var splice = Splice(document)
        hide(document.root, &splice)
        if let response = document.root[key: "response"] { hide(response, &splice) }
        return splice.isEmpty ? json : splice.text
    }

    private static func hide(_ object: JSONValue, _ splice: inout Splice) {
        for list in lists { for holder in elements(of: object, list) { hide(inHolder: holder, &splice) } }
        for list in ["input", "output"] { for item in elements(of: object, list) { hide(item, &splice) } }
    }

    /// A tool, a server, or a group of tools.
    private static func hide(inHolder holder: JSONValue, _ splice: inout Splice) {
        for name in names { replace(holder[key: name], &splice) }
        if let headers = holder[key: headers], headers.kind == .object {
            for (_, value) in headers.members { replace(value, &splice) }
        } else {
            replace(holder[key: headers], &splice)
        }
        for tool in elements(of: holder, "tools") { hide(inHolder: tool, &splice) }
    }

    private static func elements(of object: JSONValue, _ name: String) -> [JSONValue] {
        guard let list = object[key: name], list.kind == .array else { return [] }
        return Array(list.elements)
    }

    private static func replace(_ value: JSONValue?, _ splice: inout Splice) {
        guard let value, !value.isNull else { return }
        splice.replace(value, by: JSONWriter.bytes { $0.value(Redaction.mark) })
    }
}
