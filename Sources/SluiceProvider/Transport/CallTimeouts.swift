/// How long the parts of a call may take.
public struct CallTimeouts: Sendable, Hashable {
    /// Name look-up, connection and TLS together.
    public var connect: Duration
    /// From the request's last byte to the answer's first.
    public var firstByte: Duration
    /// Between two pieces of the answer.
    public var idle: Duration
    /// The whole call.
    public var total: Duration

    /// Creates timeouts.
    public init(
        connect: Duration = .seconds(10),
        firstByte: Duration = .seconds(600),
        idle: Duration = .seconds(300),
        total: Duration = .seconds(3600)
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}
