import ArgumentParser
import SluiceEngine
import SluiceHTTP

/// Where `serve` listens, and to how many.
struct ListeningOptions: ParsableArguments {
    private static let http = HTTPSettings()

    static let host = Setting("host", Host(name: http.host), "The address to listen on.")
    static let port = Setting("port", UInt16(http.port), "The port to listen on; 0 takes a free one.")
    static let stage = Setting(
        "stage",
        Stage(http.stage),
        "The prefix under which the original paths are served as well."
    )
    static let trustedProxies = Setting(
        "trusted-proxies",
        ProxyRanges(),
        "Proxies that are believed when X-Forwarded-For or Forwarded say for whom they call, as in 10.0.0.0/8; several times, or with commas."
    )
    static let basePath = Setting(
        "base-path",
        BasePath(http.basePath),
        "What callers put before all paths, as in /llm, where a proxy serves others beside the gateway; no slash at its end."
    )
    static let corsOrigin = Setting(
        "cors-origin",
        WebOrigins(http.origins),
        "The origin of web pages whose scripts may call, as in https://app.example.com; several times, or with commas."
    )
    static let onRevoked = Setting<OnRevoked>(
        "on-revoked",
        http.cutsRevoked ? .cut : .finish,
        "What becomes of calls that run when their API token is revoked: cut or finish; what only waits ends in any case."
    )
    static let costHeader = Setting<Switch>(
        "cost-header",
        http.tellsCost ? .on : .off,
        "Whether plain answers say what they cost in x-sluice-cost-usd, to tokens with the scope usage:read: on or off."
    )
    static let maxConnections = Setting(
        "max-connections",
        Count(http.limits.maxConnections),
        "The connections that may be open at once."
    )
    static let maxConnectionsPerAddress = Setting(
        "max-connections-per-address",
        Count(http.limits.maxConnectionsPerAddress),
        "The connections that one address may have; loopback is not counted."
    )
    static let maxBody = Setting(
        "max-body",
        Bytes(count: http.bodyLimit),
        "The largest body, decoded, that is taken; on the original paths, and of a native prompt, it is 1MiB at most."
    )
    static let maxMemory = Setting(
        "max-memory",
        Bytes(count: EngineSettings().memory),
        "What bodies, answers under way and replays may hold in memory before new ones are refused; as in 256MiB, 1GiB."
    )

    static let maxCalls = Setting(
        "max-calls",
        Count(EngineSettings().mostCalls),
        "The calls to providers that may be under way; a row, and an owner, may have half of them, the queue three quarters."
    )
    static let metricsAddress = Setting(
        MetricsServer.flag,
        HostAndPort(),
        "An address of its own for GET /metrics, as in 127.0.0.1:9464; on loopback without an API token, else with the scope metrics."
    )

    static let settings: [any AnySetting] = [
        host, port, metricsAddress, stage, trustedProxies, basePath, corsOrigin, onRevoked, costHeader, maxConnections,
        maxConnectionsPerAddress,
        maxBody,
        maxCalls,
        maxMemory,
    ]

    @Option(help: host.help)
    var host: Host?

    @Option(help: port.help)
    var port: UInt16?

    @Option(help: metricsAddress.help)
    var metricsAddress: HostAndPort?

    @Option(help: stage.help)
    var stage: Stage?

    @Option(help: trustedProxies.help)
    var trustedProxies: [ProxyRanges] = []

    @Option(help: basePath.help)
    var basePath: BasePath?

    @Option(help: corsOrigin.help)
    var corsOrigin: [WebOrigins] = []

    @Option(help: onRevoked.help)
    var onRevoked: OnRevoked?

    @Option(help: costHeader.help)
    var costHeader: Switch?

    @Option(help: maxConnections.help)
    var maxConnections: Count?

    @Option(help: maxConnectionsPerAddress.help)
    var maxConnectionsPerAddress: Count?

    @Option(help: maxBody.help)
    var maxBody: Bytes?

    @Option(help: maxCalls.help)
    var maxCalls: Count?

    @Option(help: maxMemory.help)
    var maxMemory: Bytes?

    /// - Throws: ``BadVariable``.
    func apply(to settings: inout ServeSettings, _ reader: SettingsReader) throws(BadVariable) {
        settings.http.host = try reader.value(Self.host, flag: host).name
        settings.http.port = Int(try reader.value(Self.port, flag: port))
        settings.metrics = try reader.value(Self.metricsAddress, flag: metricsAddress).place
        settings.http.stage = try reader.value(Self.stage, flag: stage).name
        let proxies = trustedProxies.isEmpty ? nil : ProxyRanges(trustedProxies.flatMap(\.ranges))
        settings.http.proxies = TrustedProxies(try reader.value(Self.trustedProxies, flag: proxies).ranges)
        settings.http.basePath = try reader.value(Self.basePath, flag: basePath).path
        let origins = corsOrigin.isEmpty ? nil : WebOrigins(corsOrigin.reduce([]) { $0.union($1.origins) })
        settings.http.origins = try reader.value(Self.corsOrigin, flag: origins).origins
        settings.http.cutsRevoked = try reader.value(Self.onRevoked, flag: onRevoked) == .cut
        settings.http.tellsCost = try reader.value(Self.costHeader, flag: costHeader) == .on
        settings.http.limits.maxConnections = try reader.value(Self.maxConnections, flag: maxConnections).value
        settings.http.limits.maxConnectionsPerAddress =
            try reader.value(Self.maxConnectionsPerAddress, flag: maxConnectionsPerAddress).value
        settings.http.bodyLimit = try reader.value(Self.maxBody, flag: maxBody).count
        settings.engine.requestLimit = settings.http.bodyLimit
        settings.http.promptLimit = min(settings.http.promptLimit, settings.http.bodyLimit)
        settings.engine.mostCalls = try reader.value(Self.maxCalls, flag: maxCalls).value
        settings.engine.memory = try reader.value(Self.maxMemory, flag: maxMemory).count
    }
}
