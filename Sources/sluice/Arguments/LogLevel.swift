import ArgumentParser
import Logging

/// How important a message must be to be logged.
enum LogLevel: String, CaseIterable, Sendable, ExpressibleByArgument {
    case trace
    case debug
    case info
    case notice
    case warning
    case error
    case critical

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
