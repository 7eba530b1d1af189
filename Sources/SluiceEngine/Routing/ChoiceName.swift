/// A row, a credential of it and a model, by their names.
struct ChoiceName: Hashable, Sendable {
    var row: String
    var credential: String?
    /// As the provider knows it.
    var upstream: String
}
