/// A position in what happens to a job: the epoch of one of its attempts, and how many bytes of that attempt's log lie before
/// it.
package struct LogPosition: Sendable, Hashable, LosslessStringConvertible {
    package var epoch: Int64
    package var offset: Int

    package init(epoch: Int64, offset: Int) {
        self.epoch = epoch
        self.offset = offset
    }

    /// Before the first attempt.
    package static let start = LogPosition(epoch: 0, offset: 0)

    /// `<epoch>.<offset>`.
    package var description: String { "\(epoch).\(offset)" }

    /// Reads what ``description`` wrote; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let epoch = Int64(parts[0]), let offset = Int(parts[1]) else { return nil }
        self.init(epoch: epoch, offset: offset)
        // Signs and leading zeros are read as numbers, but never written.
        guard description == text, epoch >= 0, offset >= 0 else { return nil }
    }
}
