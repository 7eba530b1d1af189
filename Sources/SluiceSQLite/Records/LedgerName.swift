import GRDB
import SluiceTypes

/// A name that lines of the ledger have a number for, and what it names: an account may be called like a model.
struct LedgerName: Hashable, Sendable {
    /// What a name stands for; the words are those of the column `name.kind`.
    enum Kind: String, Sendable {
        /// An owner's id, or a token's.
        case account
        case provider
        /// Callers choose it: where nobody else knows it, it goes with the job.
        case model
        case tag
    }

    var kind: Kind
    var text: String

    init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    /// The number of the name that a parameter holds, as a subquery.
    static func idSQL(_ kind: Kind, named parameter: String) -> String {
        "(SELECT id FROM name WHERE kind = '\(kind.rawValue)' AND name = \(parameter))"
    }
}

extension Database {
    /// The number of a name; 0 for none.
    func number(_ kind: LedgerName.Kind, _ text: String?, _ state: inout WriterState) throws -> Int64 {
        guard let text else { return 0 }
        let name = LedgerName(kind, text)
        if let known = try storedNumber(of: name, state) { return keep(known, of: name, &state) }
        try run("INSERT INTO name (kind, name) VALUES (?1, ?2)", kind.rawValue, text)
        return keep(lastInsertedRowID, of: name, &state)
    }

    /// The number of a name that has one.
    func storedNumber(of name: LedgerName, _ state: WriterState) throws -> Int64? {
        if let known = state.names[name] { return known }
        return try first("SELECT id FROM name WHERE kind = ?1 AND name = ?2", name.kind.rawValue, name.text) {
            $0.int64()
        }
    }

    private func keep(_ number: Int64, of name: LedgerName, _ state: inout WriterState) -> Int64 {
        // Callers name models: no more of them are kept than a busy day has.
        if state.names.count >= WriterState.mostNames { state.names.removeAll(keepingCapacity: true) }
        state.names[name] = number
        return number
    }
}
