/// What connections may cost.
package struct ConnectionLimits: Sendable, Hashable {
    package var maxConnections: Int
    /// At most so many connections are accepted before others are closed; who comes beyond waits.
    package var acceptedConnections = Int.max
    /// Loopback addresses are not held to it.
    package var maxConnectionsPerAddress: Int
    /// Bytes of a request's target.
    package var urlBytes: Int
    /// Bytes of all header fields of a request.
    package var headerBytes: Int
    package var headerFields: Int
    /// From a request's first byte to the end of its header.
    package var headerTime: Duration
    /// From the end of a request's header to the end of its body, beside what its length gives it.
    package var bodyTime: Duration
    /// So many bytes of a body give it a second more.
    package var bodyPace: Int
    /// The least bytes of body per second, over any ten of them once a body has taken five.
    package var bodyRate: Int
    /// A connection without a request is closed after this time.
    package var idleTime: Duration
    /// How long a connection that is closed by us may still send, so that the answer is not lost on its way.
    package var lingerTime: Duration

    package init(
        maxConnections: Int = 4096,
        maxConnectionsPerAddress: Int = 1024,
        urlBytes: Int = 4 << 10,
        headerBytes: Int = 16 << 10,
        headerFields: Int = 64,
        headerTime: Duration = .seconds(10),
        bodyTime: Duration = .seconds(30),
        bodyPace: Int = 32 << 10,
        bodyRate: Int = 1 << 10,
        idleTime: Duration = .seconds(75),
        lingerTime: Duration = .seconds(2)
    ) {
        self.maxConnections = maxConnections
        self.maxConnectionsPerAddress = maxConnectionsPerAddress
        self.urlBytes = urlBytes
        self.headerBytes = headerBytes
        self.headerFields = headerFields
        self.headerTime = headerTime
        self.bodyTime = bodyTime
        self.bodyPace = bodyPace
        self.bodyRate = bodyRate
        self.idleTime = idleTime
        self.lingerTime = lingerTime
    }
}
