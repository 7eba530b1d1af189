/// How the HTTP server behaves; every figure is a setting of `sluice serve` or fixed by the design.
package struct HTTPSettings: Sendable {
    package var host: String
    /// 0 picks a free port.
    package var port: Int
    /// The stage under which the original paths are served too; empty for none.
    package var stage: String
    /// Seconds that `Prefer: wait=N` may ask for; more is taken as this.
    package var longestWait: Int
    /// Bytes of a native body.
    package var bodyLimit: Int
    /// Bytes of a body on the OpenAI surface.
    package var callBodyLimit: Int
    package var limits: ConnectionLimits
    package var streams: StreamLimits

    package init(
        host: String = "127.0.0.1",
        port: Int = 8080,
        stage: String = "dev",
        longestWait: Int = 60,
        bodyLimit: Int = 1 << 20,
        callBodyLimit: Int = 32 << 20,
        limits: ConnectionLimits = ConnectionLimits(),
        streams: StreamLimits = StreamLimits()
    ) {
        self.host = host
        self.port = port
        self.stage = stage
        self.longestWait = longestWait
        self.bodyLimit = bodyLimit
        self.callBodyLimit = callBodyLimit
        self.limits = limits
        self.streams = streams
    }
}

/// What connections may cost.
package struct ConnectionLimits: Sendable, Hashable {
    package var maxConnections: Int
    /// Loopback addresses are not held to it.
    package var maxConnectionsPerAddress: Int
    /// Bytes of a request's target.
    package var urlBytes: Int
    /// Bytes of all header fields of a request.
    package var headerBytes: Int
    package var headerFields: Int
    /// From a request's first byte to the end of its header.
    package var headerTime: Duration
    /// From the end of a request's header to the end of its body.
    package var bodyTime: Duration
    /// The least bytes of body per second, once a body has taken five.
    package var bodyRate: Int
    /// A connection without a request is closed after this time.
    package var idleTime: Duration
    /// Bytes of all bodies that are held at once.
    package var bytesInFlight: Int
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
        bodyRate: Int = 1 << 10,
        idleTime: Duration = .seconds(60),
        bytesInFlight: Int = 512 << 20,
        lingerTime: Duration = .seconds(2)
    ) {
        self.maxConnections = maxConnections
        self.maxConnectionsPerAddress = maxConnectionsPerAddress
        self.urlBytes = urlBytes
        self.headerBytes = headerBytes
        self.headerFields = headerFields
        self.headerTime = headerTime
        self.bodyTime = bodyTime
        self.bodyRate = bodyRate
        self.idleTime = idleTime
        self.bytesInFlight = bytesInFlight
        self.lingerTime = lingerTime
    }
}
