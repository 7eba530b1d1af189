extension JobLog {
    /// True as soon as a chunk of a stream has come; false when the log was closed without one, or the task is cancelled.
    func hasChunk() async -> Bool {
        var place = 0
        while let piece = await read(from: place) {
            for entry in LogEntries(piece) {
                if entry.kind == .raw { return true }
                place = entry.end
            }
        }
        return false
    }
}
