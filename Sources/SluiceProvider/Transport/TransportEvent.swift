/// What happens in a call.
public enum TransportEvent: Sendable, Hashable {
    /// The status line and header fields of the final answer.
    case head(ResponseHead)
    /// A piece of the body, as it came.
    case chunk([UInt8])
    /// The answer ended as its framing said it would.
    case end
}
