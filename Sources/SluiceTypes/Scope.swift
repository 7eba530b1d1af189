/// What an API token may do.
public enum Scope: String, Sendable, CaseIterable {
    case jobsWrite = "jobs:write"
    case jobsRead = "jobs:read"
    case jobsCancel = "jobs:cancel"
    case jobsRedrive = "jobs:redrive"
    /// What the token's own calls cost.
    case usageRead = "usage:read"
    /// What all of the owner's tokens cost, its budget and what is left of it.
    case usageOwner = "usage:owner"
    case metrics

    /// What a token gets when its maker names no scope.
    public static let standard: Set<Scope> = [.jobsWrite, .jobsRead, .jobsCancel, .usageRead]
}
