/// What comes of a request.
public enum Prepared: Sendable {
    /// One HTTP call.
    case call(HTTPCall)
    /// An answer without a call, played by the gateway's clock.
    case answer([TimedEvent])
}
