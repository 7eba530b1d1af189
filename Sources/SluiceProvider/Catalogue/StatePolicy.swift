/// What a row says of what its provider holds for the row's account: files, containers, conversations, stored responses.
public struct StatePolicy: Sendable, Hashable {
    /// The longest that ``keepsResponses`` may be, in days.
    public static let mostDays = 3650

    /// Whether the account has one owner, so that a request may name what the provider holds for it.
    ///
    /// Else it has as many tenants as the gateway has owners, and whoever learns another's id would read through the gateway.
    public var isShared: Bool
    /// For how many whole days the provider keeps a response that it was let store; 0 for one that keeps none.
    ///
    /// Source: OpenAI's guide "Your data", which promises 30 days.
    public var keepsResponses: Int
    /// Whether it may be sent the earlier turns of a conversation that another account answered, where the caller has not named
    /// its model; nil where the row leaves that to the gateway, which sends them within one account alone.
    public var receivesHistory: Bool?
    /// What requests of OpenAI's Responses say in `store`, whatever their callers said; nil leaves it to the callers.
    public var store: Bool?

    /// Creates a policy; without arguments the one of a row that says nothing, at a provider that keeps nothing.
    public init(
        isShared: Bool = false,
        keepsResponses: Int = 0,
        receivesHistory: Bool? = nil,
        store: Bool? = nil
    ) {
        self.isShared = isShared
        self.keepsResponses = keepsResponses
        self.receivesHistory = receivesHistory
        self.store = store
    }

    /// Whether the provider may have a response that it gave earlier.
    public var mayKeep: Bool { store != false && keepsResponses > 0 }

    /// What is other than in a row that says nothing, in the words of the file; empty for nothing.
    public var words: [String] {
        var words: [String] = []
        if isShared { words.append("sharedState") }
        if keepsResponses > 0 { words.append("keepsResponses \(keepsResponses)") }
        if let receivesHistory { words.append("receivesHistory \(receivesHistory)") }
        if let store { words.append("store \(store)") }
        return words
    }
}
