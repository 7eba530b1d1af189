import ArgumentParser
import Logging

/// How log lines are written.
enum LogFormat: String, CaseIterable, Sendable, ExpressibleByArgument {
    case text
    case json
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
