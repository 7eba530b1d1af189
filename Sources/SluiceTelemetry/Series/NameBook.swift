import SluiceTypes

/// The names that have series of their own: the first so many that come keep their places until the process ends, so that no
/// counter ever moves from its own name to ``other``.
struct NameBook: Sendable {
    /// The name of all the rest.
    static let other = "other"

    private let most: Int
    private var names: Set<String> = []
    /// How often something was put under ``other`` for want of a place.
    private(set) var refused = 0

    init(_ most: Int) {
        self.most = most
    }

    /// The name under which `name` is shown.
    mutating func place(of name: String) -> String {
        if names.contains(name) { return name }
        guard names.count < most else {
            if !Promise.namesKeepPlaces.holds { names = [name] }
            refused += 1
            return NameBook.other
        }
        names.insert(name)
        return name
    }
}
