import Logging

/// The gateway's log.
enum Log {
    /// Makes the one logger that all rooms are given, and where its lines go; nothing goes through a global.
    static func logger(level: Logger.Level, format: LogFormat) -> (logger: Logger, sink: LogSink) {
        let sink =
            switch format {
            case .text: LogSink(told: TextLogHandler.dropped)
            case .json: LogSink(told: JSONLogHandler.dropped)
            }
        let logger = Logger(label: "sluice") { _ in
            switch format {
            case .text: TextLogHandler(level: level, to: sink)
            case .json: JSONLogHandler(level: level, to: sink)
            }
        }
        return (logger, sink)
    }
}
