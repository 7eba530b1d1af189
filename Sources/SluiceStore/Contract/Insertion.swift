/// What the insertion of an API token came to.
package enum Insertion: Sendable, Hashable {
    case inserted
    /// An owner of that name exists.
    case ownerExists
    /// The token names an owner who does not.
    case ownerMissing
    /// An imported token has the hash of one that is stored, whatever became of that.
    case known
}
