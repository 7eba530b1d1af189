extension JobLog {
    /// True as soon as a chunk of a stream has come; false when the log was closed without one, or the task is cancelled.
    func hasChunk() async -> Bool {
        var place = 0
        while let piece = await read(from: place) {
            if LogEntries(piece).contains(where: { $0.kind == .raw }) { return true }
            place = piece.end
        }
        return false
    }
}
