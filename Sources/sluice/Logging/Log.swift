import Logging

/// The gateway's log.
enum Log {
    /// Makes the one logger that all rooms are given; nothing goes through a global.
    static func logger(level: Logger.Level, format: LogFormat) -> Logger {
        Logger(label: "sluice") { _ in
            switch format {
            case .text: TextLogHandler(level: level)
            case .json: JSONLogHandler(level: level)
            }
        }
    }
}
