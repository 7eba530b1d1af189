/// Why a group is not served now.
package struct Hold: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Something is missing or refused.
        case lack
        /// The provider asked for patience.
        case limit
        /// Its calls fail.
        case rest
    }

    package var kind: Kind
    /// The row that stands for all; nil where no row serves the model.
    package var row: String?
    /// What is wrong with it, for operators: it may name variables and files.
    var detail: String
    /// How long until a row may open by itself; nil when only an operator can help.
    package var opensIn: Duration?

    /// The clause that operators see.
    var fullReason: String { row.map { "row \($0): \(detail)" } ?? detail }

    /// The clause that a caller may see: of a row it has the name, and not what the operator calls its parts.
    package var reason: String {
        guard let row else { return detail }
        switch kind {
        case .lack:
            return "row \(row): the gateway's access to its provider is not in order; tell the gateway's operator"
        case .limit, .rest: return "row \(row): \(detail)"
        }
    }
}
