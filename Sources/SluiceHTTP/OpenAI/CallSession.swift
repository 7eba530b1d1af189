import HTTPTypes
import SluiceEngine
import SluiceJSON
import SluiceTypes

/// What the calls of one conversation have in common, so that they go where their provider's cache knows them.
enum CallSession {
    /// The longest name that is told apart, in bytes.
    private static let mostBytes = 256
    /// So much of a conversation's beginning is looked at.
    private static let longest = 64 << 10

    /// The header fields by which clients name their conversations, the gateway's own first.
    private static let fields: [HTTPField.Name] = [
        .session, known("session-id"), known("thread-id"), known("x-session-id"), known("session_id"),
    ]

    private static func known(_ name: String) -> HTTPField.Name { HTTPField.Name.known(name) }

    /// The name that the header fields give, cut where it is long; nil where they give none.
    static func named(in headers: HTTPFields) -> String? {
        for field in fields {
            if let name = cut(headers[field]) { return name }
        }
        return nil
    }

    /// The name that the body gives.
    static func named(in document: Document) -> String? {
        cut(document.root[key: "prompt_cache_key"]?.string)
    }

    private static func cut(_ name: String?) -> String? {
        guard let name, !name.isEmpty else { return nil }
        guard name.utf8.count > mostBytes else { return name }
        var end = name.utf8.index(name.startIndex, offsetBy: mostBytes)
        while String.Index(end, within: name) == nil { end = name.utf8.index(before: end) }
        return String(name[..<end])
    }

    /// Everything up to the end of the first message of a user, or the prompt.
    static func beginning(of root: JSONValue) -> [UInt8] {
        guard let messages = root[key: "messages"] else {
            return Array((root[key: "prompt"] ?? root[key: "input"])?.bytes.prefix(longest) ?? [])
        }
        var bytes: [UInt8] = []
        for message in messages.elements {
            bytes += message.bytes.prefix(longest - bytes.count)
            if message[key: "role"]?.string == "user" || bytes.count >= longest { break }
        }
        return bytes
    }
}

extension HTTPField.Name {
    static let session = known("x-sluice-session")
}

extension OpenAIAPI {
    /// What the call's conversation is known by; nil where there is nobody to choose from, and so nothing to be found again.
    func session(
        _ headers: CallHeaders,
        _ allowed: AllowedRoute,
        _ format: RequestFormat,
        _ document: Document
    ) -> CallRequest.Session? {
        guard api.engine.hasChoice(allowed.operation, in: format, route: allowed.route) else { return nil }
        let name = headers.session.map { Array($0.utf8) }
        return CallRequest.Session(
            number: SessionNumber.of(allowed.owner, name ?? CallSession.beginning(of: document.root)),
            isNamed: name != nil
        )
    }
}
