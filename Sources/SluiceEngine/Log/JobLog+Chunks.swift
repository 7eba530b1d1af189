extension JobLog {
    /// True as soon as a chunk of a stream has come; false when the log was closed without one, when `gone` fires, and when
    /// the task is cancelled.
    func hasChunk(unless gone: Signal?) async -> Bool {
        var isFound = false
        await read(unless: gone) { piece in
            isFound = LogEntries(piece).contains { $0.kind == .upstream }
            return !isFound
        }
        return isFound
    }
}
