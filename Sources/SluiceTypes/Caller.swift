/// Who is asking: what an API token proved.
public struct Caller: Hashable, Sendable {
    /// Whose jobs the caller sees.
    public var owner: OwnerID
    /// The API token that was shown.
    public var token: TokenID
    /// What the API token allows.
    public var scopes: Set<Scope>
    /// The operations the API token is narrowed to; nil allows every one.
    public var types: Set<Operation>?
    /// The model patterns (exact, or with `*`) the API token is narrowed to; nil allows every one.
    public var models: [String]?
    /// By what its calls are told apart that name no tag themselves, see ``UsageTag``.
    public var tag: String?
    /// When the API token ends; nil for one that does not.
    public var expiresAt: Timestamp?

    /// Creates a caller.
    public init(
        owner: OwnerID,
        token: TokenID,
        scopes: Set<Scope>,
        types: Set<Operation>? = nil,
        models: [String]? = nil,
        tag: String? = nil,
        expiresAt: Timestamp? = nil
    ) {
        self.owner = owner
        self.token = token
        self.scopes = scopes
        self.types = types
        self.models = models
        self.tag = tag
        self.expiresAt = expiresAt
    }

    /// Whether the caller is told what its own calls cost.
    public var seesMoney: Bool { scopes.contains(.usageRead) }
}
