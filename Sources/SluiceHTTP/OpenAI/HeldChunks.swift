import SluiceEngine

/// Holds the chunks of an attempt back until its answer has begun: another may still answer in its place.
struct HeldChunks {
    private var beginning = AnswerBeginning()
    private var held: [UInt8] = []

    /// What is to be written now that `piece` has come; nil for nothing yet.
    mutating func take(_ piece: LogPiece, _ text: ChunkText) -> [UInt8]? {
        if beginning.isBegun { return text.chunks(piece) }
        for entry in LogEntries(piece) { beginning.note(entry) }
        held += text.chunks(piece)
        guard beginning.isBegun else { return nil }
        defer { held = [] }
        return held
    }
}
