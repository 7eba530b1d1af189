/// What is asked of a model, in nobody's words.
///
/// Every request is read from the format of its surface into this value and written from it in the format of a row; the
/// model's name and whether the answer streams are no part of it, since ``CallerRequest`` and ``Ask`` have them. Nothing is
/// lost on the way: what the hub has no word for is in `members` and in parts that are `other`, each with its dialect. What
/// says no more than its absence does, such as null, an empty list of tools or `is_error: false`, is not said again.
public struct HubRequest: Hashable, Sendable {
    /// The conversation, instructions of the system included, in order.
    public var turns: [HubTurn]
    /// The tools in the caller's order.
    public var tools: [HubToolEntry] = []
    /// Which of them shall be called; nil where nothing is said.
    public var choice: HubChoice?
    /// Whether several may be called at once; nil where nothing is said.
    public var parallel: Bool?
    /// What the answer shall look like; nil where nothing is said.
    public var format: HubFormat?
    /// How long it may be; nil where nothing is said.
    public var maxOutput: HubLimit?
    /// Texts before which the model stops.
    public var stop: [SpelledText] = []
    /// How tokens are picked.
    public var sampling = HubSampling()
    /// How hard the model shall think: `low`, `high`, or another word; nil where nothing is said.
    public var effort: SpelledText?
    /// How many answers are wanted; nil where nothing is said.
    public var n: SpelledJSON?
    /// Members that the hub has no word for, in the caller's order.
    public var members: [HubMember] = []

    /// Creates a request.
    public init(_ turns: [HubTurn]) {
        self.turns = turns
    }
}
