import Logging

/// What both kinds of log lines are made of.
enum LogLine {
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
