import SluiceProvider

/// A row and a credential of it, by their names.
struct PermitName: Hashable {
    var row: String
    var credential: String?
}
