/// How the HTTP server behaves; every figure is a setting of `sluice serve` or fixed by the design.
package struct HTTPSettings: Sendable {
    package var host: String
    /// 0 picks a free port.
    package var port: Int
    /// The stage under which the original paths are served too; empty for none.
    package var stage: String
    /// Seconds that `Prefer: wait=N` may ask for; more is taken as this.
    package var longestWait: Int
    /// Bytes of a body, decoded, on every surface but the original paths.
    package var bodyLimit: Int
    /// Bytes of a native prompt, and of a body on the original paths.
    package var promptLimit: Int
    package var limits: ConnectionLimits
    package var streams: StreamLimits
    /// The origins of web pages whose scripts may call; none unless given.
    package var origins: Set<String>
    /// Whether a call that runs is cut when its API token is revoked.
    package var cutsRevoked: Bool
    /// Whether plain answers say in a header field what they cost.
    package var tellsCost: Bool
    /// Whether each request has its line in the log.
    package var logsAccess: Bool
    /// Who is believed when it says for whom it calls.
    package var proxies: TrustedProxies
    /// What stands before all paths for those who call through a proxy: empty, or with a slash at its beginning and none at its end.
    package var basePath: String

    package init(
        host: String = "127.0.0.1",
        port: Int = 8080,
        stage: String = "dev",
        longestWait: Int = 60,
        bodyLimit: Int = 32 << 20,
        promptLimit: Int = 1 << 20,
        limits: ConnectionLimits = ConnectionLimits(),
        streams: StreamLimits = StreamLimits(),
        origins: Set<String> = [],
        cutsRevoked: Bool = true,
        tellsCost: Bool = true,
        logsAccess: Bool = false,
        proxies: TrustedProxies = TrustedProxies(),
        basePath: String = ""
    ) {
        self.host = host
        self.port = port
        self.stage = stage
        self.longestWait = longestWait
        self.bodyLimit = bodyLimit
        self.promptLimit = promptLimit
        self.limits = limits
        self.streams = streams
        self.origins = origins
        self.cutsRevoked = cutsRevoked
        self.tellsCost = tellsCost
        self.logsAccess = logsAccess
        self.proxies = proxies
        self.basePath = basePath
    }
}
