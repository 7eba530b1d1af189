/// What the answer's text shall look like.
public enum HubFormat: Hashable, Sendable {
    /// A schema, and what a request says of it.
    public struct Schema: Hashable, Sendable {
        /// The JSON schema; nil where none is given.
        public var schema: SpelledJSON?
        /// Its name.
        public var name: SpelledText?
        /// What it is for.
        public var description: SpelledText?
        /// Whether the model must keep to it; nil where nothing is said.
        public var isStrict: Bool?

        /// Creates a schema.
        public init(
            _ schema: SpelledJSON?,
            name: SpelledText? = nil,
            description: SpelledText? = nil,
            isStrict: Bool? = nil
        ) {
            self.schema = schema
            self.name = name
            self.description = description
            self.isStrict = isStrict
        }
    }

    case text
    /// Any JSON object.
    case json
    case schema(Schema)
}
