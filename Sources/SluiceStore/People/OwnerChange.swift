package import SluiceTypes

/// What an operator changes of an owner.
package enum OwnerChange: Sendable, Hashable {
    case rename(to: String)
    /// Its tokens are refused from a moment on, and its queued jobs wait.
    case disable(at: Timestamp)
    case enable
}

/// What came of a change of an owner.
package enum OwnerChanged: Sendable, Hashable {
    /// The owner as it is now.
    case changed(OwnerRecord)
    /// Another owner has the name.
    case nameTaken
    /// There is none, or it was deleted.
    case notFound
}
