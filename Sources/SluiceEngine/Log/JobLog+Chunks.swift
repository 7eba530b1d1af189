extension JobLog {
    /// True as soon as a chunk of a stream has come; false when the log was closed without one, when `gone` fires, and when
    /// the task is cancelled.
    func hasChunk(unless gone: Signal?) async -> Bool {
        var position = 0
        while let piece = await read(from: position, unless: gone) {
            if LogEntries(piece).contains(where: { $0.kind == .upstream }) { return true }
            position = piece.end
        }
        return false
    }
}
