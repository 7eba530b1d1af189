/// One turn of a conversation: who speaks, and the parts of what is said, in their order.
///
/// Thinking, text and calls stand in an assistant's turn as the model wrote them. Where a format has messages inside of an
/// answer, as Responses has, a second message begins a turn of its own. All results that stand together are one turn of the
/// role `tool`, also in formats that give each of them a message of its own; results beside other parts stand in a `user`'s
/// turn, as Anthropic's do.
public struct HubTurn: Hashable, Sendable {
    /// Who speaks.
    public var role: HubRole
    /// What is said; empty for an assistant whose message is empty.
    public var parts: [HubPart]
    /// Members of the message itself that the hub has no word for, such as a name.
    public var members: [HubMember]

    /// Whether it stands in front of the conversation, as Anthropic's `system` and the `instructions` of Responses do.
    public var isPreamble: Bool

    /// Creates a turn.
    public init(_ role: HubRole, _ parts: [HubPart], members: [HubMember] = [], isPreamble: Bool = false) {
        self.role = role
        self.parts = parts
        self.isPreamble = isPreamble
        self.members = members
    }
}
