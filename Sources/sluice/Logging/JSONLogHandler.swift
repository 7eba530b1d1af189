import Logging
import SluiceJSON
import SluiceTypes

/// Writes log lines for machines: one JSON object each, with `at`, `level`, `message` and the metadata's members.
struct JSONLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    private static let ownKeys: Set<String> = ["at", "level", "message"]

    init(level: Logger.Level) {
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        LogLine.write(line(event, at: .now()))
    }

    func line(_ event: LogEvent, at now: Timestamp) -> [UInt8] {
        let pairs = LogLine.merged(metadata, metadataProvider, event)
        let object = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("at", now.description)
                writer.member("level", event.level.rawValue)
                writer.member("message", "\(event.message)")
                for (key, value) in pairs {
                    writer.key(Self.ownKeys.contains(key) ? "_" + key : key)
                    Self.write(value, to: &writer)
                }
            }
        }
        return object + [UInt8(ascii: "\n")]
    }

    private static func write(_ value: Logger.Metadata.Value, to writer: inout JSONWriter) {
        switch value {
        case .string(let text): writer.value(text)
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
