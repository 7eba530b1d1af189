/// The proof that a caller may ask for an operation of a model: without one there is no new job.
///
/// Only ``Caller/allow(_:model:)`` makes it.
public struct AllowedModel: Hashable, Sendable {
    /// Whose the job will be.
    public let owner: OwnerID
    /// The API token that was shown.
    public let token: TokenID
    /// What may be asked for.
    public let operation: Operation
    /// The model that may be asked for, which is what may answer: a job's route.
    public let model: String

    fileprivate init(owner: OwnerID, token: TokenID, operation: Operation, model: String) {
        self.owner = owner
        self.token = token
        self.operation = operation
        self.model = model
    }
}

extension Caller {
    /// Lets the caller ask for `operation` of `model`.
    ///
    /// - Throws: ``NotAllowed`` for what the API token is not narrowed to.
    public func allow(_ operation: Operation, model: String) throws(NotAllowed) -> AllowedModel {
        if Promise.narrowedTokens.holds {
            guard allows(operation) else { throw .operation(allowed: types ?? []) }
            guard allows(model: model) else { throw .model(allowed: models ?? []) }
        }
        return AllowedModel(owner: owner, token: token, operation: operation, model: model)
    }

    /// Whether ``allow(_:model:)`` would let the caller.
    public func mayAsk(_ operation: Operation, model: String) -> Bool {
        allows(operation) && allows(model: model)
    }

    private func allows(_ operation: Operation) -> Bool {
        types?.contains(operation) ?? true
    }

    private func allows(model: String) -> Bool {
        models?.contains { ModelPattern($0).matches(model) } ?? true
    }
}

/// What an API token may not ask for, and what it may ask for instead.
public enum NotAllowed: Error, Hashable, Sendable {
    /// It is narrowed to other operations.
    case operation(allowed: Set<Operation>)
    /// It is narrowed to other models, or patterns of models.
    case model(allowed: [String])
}
