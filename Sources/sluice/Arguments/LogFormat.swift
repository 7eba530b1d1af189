import ArgumentParser

/// How log lines are written.
enum LogFormat: String, CaseIterable, Sendable, ExpressibleByArgument {
    case text
    case json
}
