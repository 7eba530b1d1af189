import ArgumentParser

/// What `serve` tells.
struct LogOptions: ParsableArguments {
    static let logLevel = Setting<LogLevel>("log-level", .info, "The least important messages to log.")
    static let logFormat = Setting<LogFormat>("log-format", .text, "How the log is written to standard error.")

    static let settings: [any AnySetting] = [logLevel, logFormat]

    @Option(help: logLevel.help)
    var logLevel: LogLevel?

    @Option(help: logFormat.help)
    var logFormat: LogFormat?

    /// - Throws: ``BadVariable``.
    func apply(to settings: inout ServeSettings, _ reader: SettingsReader) throws(BadVariable) {
        settings.logLevel = try reader.value(Self.logLevel, flag: logLevel)
        settings.logFormat = try reader.value(Self.logFormat, flag: logFormat)
    }
}
