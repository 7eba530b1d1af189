package import SluiceTypes

/// What an attempt is about to use.
package struct AttemptStart: Sendable, Hashable {
    /// The provider row's name.
    package var row: String
    /// The credential's slot in that row, never its value; nil for a row without one.
    package var credential: String?
    /// Who is behind the row and that credential, by a name that tells nothing of the key: 64 bytes at most; nil where nobody
    /// told.
    package var account: String?
    /// The model's name as the provider knows it.
    package var model: String
    /// The hash of the row's configuration, 64 hex digits; see ``ConfigStore``.
    package var configHash: String
    package var startedAt: Timestamp
    /// What it may use and cost; nil where nobody told, and once it has ended.
    package var stake: AttemptStake?

    package init(
        row: String,
        credential: String?,
        account: String? = nil,
        model: String,
        configHash: String,
        startedAt: Timestamp,
        stake: AttemptStake? = nil
    ) {
        self.row = row
        self.credential = credential
        self.account = account
        self.model = model
        self.configHash = configHash
        self.startedAt = startedAt
        self.stake = stake
    }
}
