import Synchronization

/// How many answers are being told as they come, and how much was told in all.
package final class StreamTally: Sendable {
    private let open = Atomic<Int>(0)
    private let written = Atomic<Int>(0)

    /// Streams whose end has not been told.
    package var openCount: Int { open.load(ordering: .relaxed) }

    /// Bytes of all streams since the start.
    package var byteCount: Int { written.load(ordering: .relaxed) }

    package func begin() { open.add(1, ordering: .relaxed) }

    package func end() { open.subtract(1, ordering: .relaxed) }

    package func note(bytes: Int) { written.add(bytes, ordering: .relaxed) }
}
