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

    /// The name that the header fields give, the gateway's own field before `others`; nil where they give none.
    static func named(in headers: HTTPFields, _ others: [HTTPField.Name]) -> String? {
        if let name = cut(headers.value(of: .session)) { return name }
        return others.lazy.compactMap { cut(headers.value(of: $0)) }.first
    }

    /// `name` as a session's, cut where it is long; nil for none.
    static func cut(_ name: String?) -> String? {
        guard let name, !name.isEmpty else { return nil }
        guard name.utf8.count > mostBytes else { return name }
        var end = name.utf8.index(name.startIndex, offsetBy: mostBytes)
        while String.Index(end, within: name) == nil { end = name.utf8.index(before: end) }
        return String(name[..<end])
    }

    /// The bytes of `pieces`, as many as are looked at.
    static func beginning(of pieces: [JSONValue]) -> [UInt8] {
        var bytes: [UInt8] = []
        for piece in pieces where bytes.count < longest { bytes += piece.bytes.prefix(longest - bytes.count) }
        return bytes
    }

    /// Those of `messages` up to the first of a user.
    static func opening(of messages: JSONValue) -> [JSONValue] {
        var opening: [JSONValue] = []
        var length = 0
        for message in messages.elements {
            opening.append(message)
            length += message.bytes.count
            if message[key: "role"]?.string == "user" || length >= longest { break }
        }
        return opening
    }
}

extension HTTPField.Name {
    static let session = known("x-sluice-session")
}

extension CallAPI {
    /// What the call's conversation is known by.
    ///
    /// Nil for one without a name where there is nobody to choose from: its beginning is looked at only for the choice. One with a name is
    /// known all the same, since a reload may change the account, which can't read what the one before has signed.
    func session(
        _ headers: CallHeaders,
        _ allowed: AllowedRoute,
        _ format: RequestFormat,
        _ document: Document
    ) -> CallRequest.Session? {
        let name = headers.session.map { Array($0.utf8) }
        guard name != nil || api.engine.hasChoice(allowed.operation, in: format, route: allowed.route) else {
            return nil
        }
        let beginning = name ?? CallSession.beginning(of: wire.opening(of: document.root))
        return CallRequest.Session(number: SessionNumber.of(allowed.owner, beginning), isNamed: name != nil)
    }
}
