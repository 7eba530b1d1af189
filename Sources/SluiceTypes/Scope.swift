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
