import Glibc
import Logging

/// One log line on its way to standard error.
enum LogLine {
    /// Writes a whole line at once, so that lines of several threads don't mix.
    static func write(_ line: [UInt8]) {
        _ = unsafe line.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// All metadata of an event in the order of their keys: the handler's, its provider's, and the event's own.
    static func merged(
        _ handler: Logger.Metadata,
        _ provider: Logger.MetadataProvider?,
        _ event: LogEvent
    ) -> [(key: String, value: Logger.Metadata.Value)] {
        var all = handler
        if let provider { all.merge(provider.get()) { _, new in new } }
        if let own = event.metadata { all.merge(own) { _, new in new } }
        if let error = event.error { all["error"] = "\(error)" }
        return all.sorted { $0.key < $1.key }
    }
}
