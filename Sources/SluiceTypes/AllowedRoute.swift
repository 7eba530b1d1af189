/// The proof that a caller may ask for an operation of a model, and of those that may answer in its place: without one there
/// is no new job.
///
/// Only ``Caller/allow(_:model:fallbacks:aliases:)`` makes it.
public struct AllowedRoute: Hashable, Sendable {
    /// Whose the job will be.
    public let owner: OwnerID
    /// The API token that was shown.
    public let token: TokenID
    /// The API token's tag.
    public let tag: String?
    /// What may be asked for.
    public let operation: Operation
    /// What may answer, the first first.
    public let route: ModelRoute

    /// The model that was asked for.
    public var model: String { route.model }

    fileprivate init(owner: OwnerID, token: TokenID, tag: String?, operation: Operation, route: ModelRoute) {
        self.owner = owner
        self.token = token
        self.tag = tag
        self.operation = operation
        self.route = route
    }
}

extension Caller {
    /// Lets the caller ask for `operation` of `model`, and of each of `fallbacks` in its place.
    ///
    /// An alias is allowed by its own name, or where all its targets are; a pattern allows no alias. What `isBound` may be answered
    /// with one account alone, and has no fallbacks.
    ///
    /// - Throws: ``NotAllowed`` for what the API token is not narrowed to.
    public func allow(
        _ operation: Operation,
        model: String,
        fallbacks: [String] = [],
        isBound: Bool = false,
        aliases: ModelAliases
    ) throws(NotAllowed) -> AllowedRoute {
        let names = [model] + fallbacks
        for name in names where !ModelRoute.isName(name) { throw .model(name, allowed: models ?? []) }
        if Promise.narrowedTokens.holds {
            guard allows(operation) else { throw .operation(allowed: types ?? []) }
            for name in Promise.everyNameAllowed.holds ? names : [model] where !allows(model: name, aliases) {
                throw .model(name, allowed: models ?? [])
            }
        }
        return AllowedRoute(
            owner: owner,
            token: token,
            tag: tag,
            operation: operation,
            route: isBound ? ModelRoute(boundTo: model) : ModelRoute(model, fallbacks: fallbacks)
        )
    }

    /// Whether ``allow(_:model:fallbacks:aliases:)`` would let the caller.
    public func mayAsk(_ operation: Operation, model: String, aliases: ModelAliases) -> Bool {
        allows(operation) && allows(model: model, aliases)
    }

    private func allows(_ operation: Operation) -> Bool {
        types?.contains(operation) ?? true
    }

    private func allows(model: String, _ aliases: ModelAliases) -> Bool {
        guard let models else { return true }
        guard let targets = aliases.targets(of: model) else {
            return models.contains { ModelPattern($0).matches(model) }
        }
        return models.contains(model)
            || targets.allSatisfy { target in models.contains { ModelPattern($0).matches(target) } }
    }
}

/// What an API token may not ask for, and what it may ask for instead.
public enum NotAllowed: Error, Hashable, Sendable {
    /// It is narrowed to other operations.
    case operation(allowed: Set<Operation>)
    /// It is narrowed to other models, or patterns of models, than this one.
    case model(String, allowed: [String])
}
