/// Deletions that were handed out at once.
package struct UpstreamDeletionBatch: Sendable {
    /// To be carried out now.
    package var due: [UpstreamDeletion]
    /// Past their time, and not stored any more.
    package var givenUp: [UpstreamDeletion]

    package init(due: [UpstreamDeletion], givenUp: [UpstreamDeletion]) {
        self.due = due
        self.givenUp = givenUp
    }
}
