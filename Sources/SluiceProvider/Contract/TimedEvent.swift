/// An event of an answer that needs no call.
public struct TimedEvent: Sendable, Hashable {
    /// How long after the event before.
    public var after: Duration
    /// What happens then.
    public var event: ReplyEvent

    /// Creates an event.
    public init(after: Duration = .zero, _ event: ReplyEvent) {
        self.after = after
        self.event = event
    }
}
