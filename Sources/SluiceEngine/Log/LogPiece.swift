import SluiceProvider

/// Whole entries of a log, copied out, so that the log goes on without them.
package struct LogPiece: Sendable, Hashable {
    package var bytes: [UInt8]
    /// The position of the first byte in the log.
    package var start: Int

    package var isEmpty: Bool { bytes.isEmpty }
    /// The position right after the last entry.
    package var end: Int { start + bytes.count }
}
