import Logging
import SluiceJSON
import SluiceTypes

/// Writes log lines for machines: one JSON object each, with `at`, `level`, `message` and the metadata's members.
struct JSONLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    private static let ownKeys: Set<String> = ["at", "level", "message"]

    private let sink: LogSink

    init(level: Logger.Level, to sink: LogSink) {
        logLevel = level
        self.sink = sink
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        sink.write(line(event, at: .now()))
    }

    func line(_ event: LogEvent, at now: Timestamp) -> [UInt8] {
        let pairs = LogLine.merged(metadata, metadataProvider, event)
        return JSONLogHandler.line(event.level, "\(event.message)", pairs, at: now)
    }

    /// The line that tells of lines that were dropped.
    static func dropped(_ count: Int) -> [UInt8] {
        line(.warning, LogSink.dropped, [("lines", .stringConvertible(count))], at: .now())
    }

    private static func line(
        _ level: Logger.Level,
        _ message: String,
        _ pairs: [(key: String, value: Logger.Metadata.Value)],
        at now: Timestamp
    ) -> [UInt8] {
        let object = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("at", now.description)
                writer.member("level", level.rawValue)
                writer.member("message", message)
                for (key, value) in pairs {
                    writer.key(ownKeys.contains(key) ? "_" + key : key)
                    write(value, to: &writer)
                }
            }
        }
        return object + [UInt8(ascii: "\n")]
    }

    private static func write(_ value: Logger.Metadata.Value, to writer: inout JSONWriter) {
        switch value {
        case .string(let text): writer.value(text)
        case .stringConvertible(let number as Int): writer.value(number)
        case .stringConvertible(let number as Double): writer.value(number)
        case .stringConvertible(let other): writer.value("\(other)")
        case .array(let values):
            writer.array { array in
                for value in values { write(value, to: &array) }
            }
        case .dictionary(let pairs):
            writer.object { object in
                for (key, value) in pairs.sorted(by: { $0.key < $1.key }) {
                    object.key(key)
                    write(value, to: &object)
                }
            }
        }
    }
}
