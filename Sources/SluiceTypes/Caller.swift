/// The name of an owner: whoever has jobs, limits, idempotency keys and a fair share.
public struct OwnerID: Hashable, Comparable, Sendable, RawRepresentable, CustomStringConvertible {
    /// The text form, as stored.
    public let rawValue: String

    /// Takes the text form as it is.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Orders owners by their text, so that they can take turns.
    public static func < (left: OwnerID, right: OwnerID) -> Bool { left.rawValue < right.rawValue }

    /// The text form.
    public var description: String { rawValue }
}

/// The public part of an API token: the 8 characters after `slc_`.
///
/// It may be logged.
public struct TokenID: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
    /// The 8 characters.
    public let rawValue: String

    /// Takes the text form as it is.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The text form.
    public var description: String { rawValue }
}

/// What an API token may do.
public enum Scope: String, Sendable, CaseIterable {
    case jobsWrite = "jobs:write"
    case jobsRead = "jobs:read"
    case jobsCancel = "jobs:cancel"
    case jobsRedrive = "jobs:redrive"
    case metrics

    /// What a token gets when its maker names no scope.
    public static let standard: Set<Scope> = [.jobsWrite, .jobsRead, .jobsCancel]
}

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
    /// When the API token ends; nil for one that does not.
    public var expiresAt: Timestamp?

    /// Creates a caller.
    public init(
        owner: OwnerID,
        token: TokenID,
        scopes: Set<Scope>,
        types: Set<Operation>? = nil,
        models: [String]? = nil,
        expiresAt: Timestamp? = nil
    ) {
        self.owner = owner
        self.token = token
        self.scopes = scopes
        self.types = types
        self.models = models
        self.expiresAt = expiresAt
    }
}
