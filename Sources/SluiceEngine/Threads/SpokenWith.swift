import SluiceProvider

/// With whom a session spoke last: a plain value that decides and does nothing.
struct SpokenWith: Sendable, Hashable {
    /// See ``AccountID``.
    var account: String
    /// How many entries of the conversation, from its first on, hold reasoning that this account may not have issued.
    var foreign: Int

    /// What of the reasoning in a session's next request is foreign to `account`; nothing, as far as anybody here knows, where
    /// nobody has spoken with it.
    static func foreign(to account: String, after last: SpokenWith?) -> ForeignReasoning {
        guard let last else { return .first(0) }
        return last.account == account ? .first(last.foreign) : .all
    }

    /// What is remembered once `account` has answered a request of so many entries, which was sent without `foreign`.
    init(_ account: String, entries: Int, without foreign: ForeignReasoning) {
        self.account = account
        self.foreign =
            switch foreign {
            case .all: entries
            case .first(let count): count
            }
    }
}
