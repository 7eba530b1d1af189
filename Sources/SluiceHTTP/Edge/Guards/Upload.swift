import NIOCore
import Synchronization

/// A body that is on its way.
final class Upload: Sendable {
    private let since: NIODeadline
    private let received: Atomic<Int>
    /// Ends it; may be called from any thread.
    let cut: @Sendable () -> Void
    /// One that has just begun is taken for as quick as this, in bytes a second: it has had no time yet.
    private static let unknownPace = 64 << 10

    init(since: NIODeadline, received: Int, cut: @escaping @Sendable () -> Void) {
        self.since = since
        self.received = Atomic(received)
        self.cut = cut
    }

    /// How many bytes have come in all.
    func note(_ bytes: Int) { received.store(bytes, ordering: .relaxed) }

    /// Bytes a second, so far.
    func pace(at now: NIODeadline) -> Int {
        let seconds = Double((now - since).nanoseconds) / 1e9
        guard seconds >= 1 else { return Upload.unknownPace }
        return Int(Double(received.load(ordering: .relaxed)) / seconds)
    }
}
