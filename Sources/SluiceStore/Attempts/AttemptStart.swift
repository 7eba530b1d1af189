package import SluiceTypes

/// What an attempt is about to use.
package struct AttemptStart: Sendable, Hashable {
    /// The provider row's name.
    package var row: String
    /// The credential's slot in that row, never its value; nil for a row without one.
    package var credential: String?
    /// The model's name as the provider knows it.
    package var model: String
    /// The hash of the row's configuration, 64 hex digits; see ``ConfigStore``.
    package var configHash: String
    package var startedAt: Timestamp

    package init(row: String, credential: String?, model: String, configHash: String, startedAt: Timestamp) {
        self.row = row
        self.credential = credential
        self.model = model
        self.configHash = configHash
        self.startedAt = startedAt
    }
}
