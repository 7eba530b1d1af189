package import SluiceStore
package import SluiceTypes

/// What was seen at the store's last look.
package struct StoreLook: Sendable {
    /// Since when the first job of a group has been due, or when it will be.
    package var firstDue: [JobGroup: Timestamp]
    /// The names of owners.
    package var owners: [OwnerID: String]
    /// The API tokens that may be ending.
    package var tokens: [TokenRecord]
    /// Why the store takes nothing now; nil where it does.
    package var trouble: String?
}
