/// Why a group is not served now.
package struct Hold: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Something is missing that only the operator can give.
        case lack
        /// An operator has paused it.
        case paused
        /// The provider refused the key.
        case refused
        /// The provider says that there is no money.
        case money
        /// The provider asked for patience.
        case limit
        /// Its calls fail.
        case rest
        /// It can't be reached.
        case away
        /// It may be out of money, or allow too little.
        case suspected
    }

    package var kind: Kind
    /// The row that stands for all; nil where no row serves the model.
    package var row: String?
    /// What is wrong with it, for operators: it may name variables and files.
    var detail: String
    /// How long until a row may open by itself; nil when only an operator can help, or a call that is under way.
    package var opensIn: Duration?

    /// The clause that operators see.
    var fullReason: String { row.map { "row \($0): \(detail)" } ?? detail }

    /// The clause that a caller may see: of a row it has the name, and not what the operator calls its parts.
    package var reason: String {
        guard let row else { return detail }
        switch kind {
        case .lack, .refused, .suspected:
            return "row \(row): the gateway's access to its provider is not in order; tell the gateway's operator"
        case .money:
            return "row \(row): the gateway's account with its provider is used up; tell the gateway's operator"
        case .paused: return "row \(row): the gateway's operator has paused it"
        case .limit, .rest, .away: return "row \(row): \(detail)"
        }
    }

    /// Whether it ends by itself.
    var isPassing: Bool {
        switch kind {
        case .limit, .rest, .away: true
        case .lack, .paused, .refused, .money, .suspected: false
        }
    }
}
