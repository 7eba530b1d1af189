package import SluiceTypes

/// Which audit lines to read, newest first.
package struct AuditQuery: Sendable {
    package var since: Timestamp?
    /// Only lines whose actor or subject is this API token.
    package var token: TokenID?
    /// Only actions that are this, or end in `.` and this: `create` finds `token.create`.
    package var action: String?
    package var limit: Int

    package init(since: Timestamp? = nil, token: TokenID? = nil, action: String? = nil, limit: Int) {
        self.since = since
        self.token = token
        self.action = action
        self.limit = limit
    }
}
