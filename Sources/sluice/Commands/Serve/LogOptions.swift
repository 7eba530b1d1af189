import ArgumentParser
import SluiceHTTP

/// What `serve` tells.
struct LogOptions: ParsableArguments {
    static let logLevel = Setting<LogLevel>("log-level", .info, "The least important messages to log.")
    static let logFormat = Setting<LogFormat>("log-format", .text, "How the log is written to standard error.")

    static let accessLog = Setting<Switch>(
        "access-log",
        .off,
        "A line for each request: owner, token, job, route, status, milliseconds until the answer began."
    )

    static let settings: [any AnySetting] = [logLevel, logFormat, accessLog]

    @Option(help: logLevel.help)
    var logLevel: LogLevel?

    @Option(help: logFormat.help)
    var logFormat: LogFormat?

    @Flag(help: accessLog.help)
    var accessLog = false

    /// - Throws: ``BadVariable``.
    func apply(to settings: inout ServeSettings, _ reader: SettingsReader) throws(BadVariable) {
        settings.logLevel = try reader.value(Self.logLevel, flag: logLevel)
        settings.http.logsAccess = try reader.value(Self.accessLog, flag: Switch(flag: accessLog)) == .on
        settings.logFormat = try reader.value(Self.logFormat, flag: logFormat)
    }
}
