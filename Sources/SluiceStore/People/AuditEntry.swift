package import SluiceTypes

/// One line of the audit: who did what to which thing, and how it went.
///
/// Never a secret.
package struct AuditEntry: Sendable, Hashable {
    package var at: Timestamp
    /// Who: `operator` for the CLI and the admin socket, else an API token's id.
    package var actor: String
    /// What, as in `token.create`.
    package var action: String
    /// The id of the thing, empty for none.
    package var subject: String
    /// `ok`, or one sentence.
    package var result: String

    package init(at: Timestamp, actor: String, action: String, subject: String, result: String) {
        self.at = at
        self.actor = actor
        self.action = action
        self.subject = subject
        self.result = result
    }
}
