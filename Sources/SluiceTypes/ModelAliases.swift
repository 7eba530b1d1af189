/// The names that stand for models, or for several, as the operator has set them.
public struct ModelAliases: Hashable, Sendable {
    private let targets: [String: [String]]

    /// Names, and the models behind each.
    public init(_ targets: [String: [String]] = [:]) {
        self.targets = targets
    }

    /// The models behind `name`; nil where it is no alias.
    public func targets(of name: String) -> [String]? { targets.isEmpty ? nil : targets[name] }
}
