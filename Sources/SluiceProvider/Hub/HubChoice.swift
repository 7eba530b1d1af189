/// Which tools the model shall call.
public enum HubChoice: Hashable, Sendable {
    /// A tool, by what a choice says of it.
    public struct Named: Hashable, Sendable {
        /// What it is.
        public var kind: HubToolKind
        /// Its name.
        public var name: SpelledText

        /// Creates a name.
        public init(_ kind: HubToolKind, _ name: SpelledText) {
            self.kind = kind
            self.name = name
        }
    }

    /// As it likes.
    case auto
    /// None.
    case none
    /// At least one.
    case required
    /// This one.
    case tool(Named)
    /// Of these alone: at least one of them, or as it likes.
    case allowed([Named], isRequired: Bool)
    /// A choice that nobody here knows.
    case other(HubForeign)
}
