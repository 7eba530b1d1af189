import Logging
import SluiceTypes

/// Writes log lines for people: time, level, message, and `key=value` pairs.
struct TextLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

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
        sink.write(Array(line(event, at: .now()).utf8))
    }

    func line(_ event: LogEvent, at now: Timestamp) -> String {
        var line = "\(now) \(event.level.rawValue) \(Printable.line("\(event.message)"))"
        for (key, value) in LogLine.merged(metadata, metadataProvider, event) {
            line += " \(key)=\(Self.quoted("\(value)"))"
        }
        return line + "\n"
    }

    /// The line that tells of lines that were dropped.
    static func dropped(_ count: Int) -> [UInt8] {
        Array("\(Timestamp.now()) warning \(LogSink.dropped) lines=\(count)\n".utf8)
    }

    private static func quoted(_ value: String) -> String {
        let line = Printable.line(value)
        guard line.isEmpty || line.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) else { return line }
        return "\"" + line.map { $0 == "\"" ? "\\\"" : String($0) }.joined() + "\""
    }
}
