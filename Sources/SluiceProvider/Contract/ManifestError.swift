/// What is wrong with a `plugin.json`: a line for each fault, with the file's name.
public struct ManifestError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file, as in `Plugins/stub/plugin.json`.
    public var file: String
    /// Clauses that the file's name begins.
    public var faults: [String]

    /// Creates an error.
    public init(file: String, faults: [String]) {
        self.file = file
        self.faults = faults
    }

    /// A line for each fault.
    public var description: String { faults.map { "\(file): \($0)" }.joined(separator: "\n") }
}
