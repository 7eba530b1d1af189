package import SluiceTypes

/// An operator has a provider row take no new calls.
package struct RowPause: Sendable, Hashable {
    /// The row's name.
    package var row: String
    package var since: Timestamp
    /// Who did it, as the audit names him.
    package var actor: String

    package init(row: String, since: Timestamp, actor: String) {
        self.row = row
        self.since = since
        self.actor = actor
    }
}
