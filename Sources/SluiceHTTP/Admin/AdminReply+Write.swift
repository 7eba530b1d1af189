import HTTPTypes
import SluiceJSON
import SluiceStore
import SluiceTokens

extension AdminReply {
    init(_ problem: Problem) {
        self.init(status: problem.status.code, body: problem.body(requestID: nil))
    }

    /// An object; `body` writes its members.
    static func object(_ status: Int = 200, _ body: (inout JSONWriter) -> Void) -> AdminReply {
        AdminReply(status: status, body: JSONWriter.bytes { $0.object(body) })
    }

    /// An object with one member, an array of objects.
    static func list<Item>(
        _ name: String,
        _ items: [Item],
        _ members: (Item, inout JSONWriter) -> Void
    ) -> AdminReply {
        object { $0.objects(name, items, members) }
    }
}

extension JSONWriter {
    /// A member that is an array of objects.
    mutating func objects<Items: Sequence>(
        _ name: String,
        _ items: Items,
        _ members: (Items.Element, inout JSONWriter) -> Void
    ) {
        member(
            name,
            array: { writer in
                for item in items { writer.object { members(item, &$0) } }
            }
        )
    }

    /// A member that is an array of strings, or `null`.
    mutating func texts(_ name: String, _ texts: [String]?) {
        guard let texts else {
            key(name)
            null()
            return
        }
        member(name, array: { writer in for text in texts { writer.value(text) } })
    }
}

extension AdminRequest {
    var pairs: [(String, String)] { query.map { ($0.key, $0.value) } }

    /// The body's fields; an empty body has none.
    func fields(_ known: [String]) throws(Problem) -> FieldReader {
        FieldReader(try BodyReader.document(body.isEmpty ? Array("{}".utf8) : body).root, known: known)
    }
}

extension FieldReader {
    /// - Throws: ``Problem`` when a fault was found.
    func finish() throws(Problem) {
        if !faults.isEmpty { throw Problem.invalid(faults) }
    }
}

extension Problem {
    init(_ error: TokenError) {
        switch error.code {
        case .invalid: self.init(.badRequest, "invalid-request", error.message)
        case .tokenUnknown, .ownerUnknown: self.init(.notFound, "not-found", error.message)
        case .ownerExists, .ended, .known: self.init(.conflict, "conflict", error.message)
        case .store: self.init(operator: StoreError(error.storeCode == .full ? .full : .unavailable, error.message))
        }
    }

    /// A store's trouble in its own words, which are meant for operators.
    init(operator error: StoreError) {
        self.init(error)
        detail = error.message
    }
}
