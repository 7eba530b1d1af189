/// The settings of one row: a number for each that the manifest names.
public struct AdapterSettings: Sendable, Hashable {
    private let numbers: [String: Int]

    init(numbers: [String: Int]) {
        self.numbers = numbers
    }

    /// The number that `name` is set to.
    ///
    /// Asking for one that the manifest does not name is a mistake of the adapter.
    public subscript(name: String) -> Int {
        guard let number = numbers[name] else { preconditionFailure("plugin.json names no setting \(name)") }
        return number
    }
}
