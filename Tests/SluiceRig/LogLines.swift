package import Logging
import Synchronization

/// What was logged.
package final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    package init() {}

    package func has(_ words: String) -> Bool { count(words) > 0 }

    /// How many lines hold `words`.
    package func count(_ words: String) -> Int { lines.withLock { $0.count { $0.contains(words) } } }

    /// Writes here, whatever its level.
    package var logger: Logger {
        var logger = Logger(label: "test") { _ in LineHandler(lines: self) }
        logger.logLevel = .debug
        return logger
    }

    fileprivate func add(_ line: String) { lines.withLock { $0.append(line) } }
}

private struct LineHandler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        lines.add("\(event.message) " + all.map { "\($0)=\($1)" }.sorted().joined(separator: " "))
    }
}
