/// A name that stands for one model, or for several that share its calls.
public struct ModelAlias: Sendable, Hashable {
    /// How many models may stand behind one name.
    public static let mostTargets = 16

    /// One of the models behind it.
    public struct Target: Sendable, Hashable {
        /// A model that some row serves; no alias.
        public var model: String
        /// Lower ones are asked first.
        public var priority: Int
        /// Its part of the calls among those of its priority.
        public var weight: Int

        /// Makes a target.
        public init(_ model: String, priority: Int = 0, weight: Int = 1) {
            self.model = model
            self.priority = priority
            self.weight = weight
        }
    }

    /// What callers ask for.
    public var name: String
    /// At least one.
    public var targets: [Target]

    /// Makes an alias.
    public init(name: String, targets: [Target]) {
        self.name = name
        self.targets = targets
    }
}
