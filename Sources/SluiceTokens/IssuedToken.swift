package import SluiceStore
package import SluiceTypes

/// A new API token: its text, which is shown this once, and what is kept.
package struct IssuedToken: Sendable {
    package var text: Secret
    package var record: TokenRecord
    package var owner: OwnerRecord
    /// For a rotation, the old token as it stands now.
    package var replaced: TokenRecord?
}
