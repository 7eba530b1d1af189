/// Cuts what waits into transactions of bounded size.
struct GroupCommitBatches: Sequence, IteratorProtocol {
    private var rest: ArraySlice<PendingWrite>
    private let operations: Int
    private let bytes: Int

    init(_ writes: [PendingWrite], _ settings: SQLiteSettings) {
        rest = writes[...]
        operations = settings.batchOperations
        bytes = settings.batchBytes
    }

    /// The next operations: at least one, and no more than fit.
    mutating func next() -> ArraySlice<PendingWrite>? {
        guard !rest.isEmpty else { return nil }
        var end = rest.startIndex
        var payload = 0
        while end < rest.endIndex, end - rest.startIndex < operations {
            payload += rest[end].payload
            if payload > bytes, end > rest.startIndex { break }
            end += 1
        }
        defer { rest = rest[end...] }
        return rest[..<end]
    }
}
