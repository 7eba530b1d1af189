import SluiceStore
package import SluiceTypes

/// What an operator asks of a new API token.
package struct TokenOrder: Sendable {
    package var name: String
    /// An owner's name or id; nil makes a new owner of the token's name.
    package var owner: String?
    package var scopes: Set<Scope>
    package var lifetime: TokenLifetime
    package var types: Set<Operation>?
    package var models: [String]?
    /// See ``UsageTag``.
    package var tag: String?

    package init(
        name: String,
        owner: String? = nil,
        scopes: Set<Scope> = Scope.standard,
        lifetime: TokenLifetime = .standard,
        types: Set<Operation>? = nil,
        models: [String]? = nil,
        tag: String? = nil
    ) {
        self.name = name
        self.owner = owner
        self.scopes = scopes
        self.lifetime = lifetime
        self.types = types
        self.models = models
        self.tag = tag
    }
}
