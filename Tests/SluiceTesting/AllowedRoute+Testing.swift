package import SluiceTypes

extension AllowedRoute {
    /// What a caller may ask whose API token is narrowed to nothing.
    package static func asked(
        by owner: OwnerID,
        _ operation: Operation,
        model: String,
        fallbacks: [String] = [],
        isBound: Bool = false
    ) -> AllowedRoute {
        let caller = Caller(owner: owner, token: TokenID(rawValue: "testtest"), scopes: [])
        do {
            return try caller.allow(
                operation,
                model: model,
                fallbacks: fallbacks,
                isBound: isBound,
                aliases: ModelAliases()
            )
        } catch {
            preconditionFailure("a token that is narrowed to nothing was refused: \(error)")
        }
    }
}
