import SluiceEngine
import SluiceHTTP
import SluiceStore

/// All that `serve` was told, read and checked.
struct ServeSettings: Sendable {
    var http: HTTPSettings
    var engine: EngineSettings
    var retention: Retention
    var data: String
    var providers: String
    /// Nil for no file.
    var firstToken: String?
    var logLevel: LogLevel
    var logFormat: LogFormat

    /// - Throws: ``BadVariable``.
    init(_ command: ServeCommand, _ reader: SettingsReader) throws(BadVariable) {
        let listening = command.listening
        var limits = ConnectionLimits()
        limits.maxConnections = try reader.value(Settings.maxConnections, flag: listening.maxConnections).value
        limits.maxConnectionsPerAddress =
            try reader.value(Settings.maxConnectionsPerAddress, flag: listening.maxConnectionsPerAddress).value
        let waiting = command.waiting
        http = HTTPSettings(
            host: try reader.value(Settings.host, flag: listening.host).name,
            port: Int(try reader.value(Settings.port, flag: listening.port)),
            stage: try reader.value(Settings.stage, flag: listening.stage),
            limits: limits
        )
        engine = EngineSettings(
            grace: try reader.value(Settings.grace, flag: waiting.grace).duration,
            drainDelay: try reader.value(Settings.drainDelay, flag: waiting.drainDelay).duration,
            patience: try reader.value(Settings.patience, flag: waiting.patience).duration,
            credentialProbe: try reader.value(Settings.credentialProbe, flag: waiting.credentialProbe).duration,
            streamMemory: try reader.value(Settings.maxStreamMemory, flag: listening.maxStreamMemory).count
        )
        let keeping = command.keeping
        retention = Retention(
            succeeded: try reader.value(Settings.keepSucceeded, flag: keeping.keepSucceeded).duration,
            dead: try reader.value(Settings.keepDead, flag: keeping.keepDead).duration,
            cancelled: try reader.value(Settings.keepCancelled, flag: keeping.keepCancelled).duration,
            idempotencyKeys: try reader.value(Settings.keepKeys, flag: keeping.keepKeys).duration
        )
        data = try reader.value(Settings.data, flag: command.rooms.data)
        providers = try reader.value(Settings.providers, flag: command.rooms.providers)
        firstToken = try reader.given(Settings.firstToken, flag: command.rooms.firstToken)
        logLevel = try reader.value(Settings.logLevel, flag: command.logging.logLevel)
        logFormat = try reader.value(Settings.logFormat, flag: command.logging.logFormat)
    }
}
