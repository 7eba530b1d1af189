/// What an answer says of itself before it says anything: what its formats have, and the hub's events don't tell.
public struct HubHead: Hashable, Sendable {
    /// The answer's id, in the form of the format that it is written in.
    public var id: String
    /// The model's name.
    public var model: String
    /// When it was begun, in seconds since 1970.
    public var created: Int64

    /// Creates a head.
    public init(id: String, model: String, created: Int64) {
        self.id = id
        self.model = model
        self.created = created
    }
}
