/// Something in a conversation that the hub has no word for, in its place.
public struct HubOther: Hashable, Sendable {
    /// In what array it stood.
    public enum Place: String, Hashable, Sendable {
        /// Among messages or items.
        case item
        /// Among the blocks of a message.
        case block
        /// Among the calls of a message, where these have an array of their own.
        case call
        /// Among the blocks of reasoning of a message, where these have an array of their own.
        case reasoning
    }

    /// The value, for its own dialect alone.
    public var foreign: HubForeign
    /// In what array it stood.
    public var place: Place

    /// Creates a value.
    public init(_ foreign: HubForeign, _ place: Place) {
        self.foreign = foreign
        self.place = place
    }
}
