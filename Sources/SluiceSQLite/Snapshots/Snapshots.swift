import SluiceStore
import Synchronization

/// Who reads the whole store as it was at one moment, for the writer to know.
///
/// While somebody does, the WAL can't begin anew: a writer that waits for it would make everybody wait.
final class Snapshots: Sendable {
    private struct State {
        var holder: LongRead?
    }

    private let state = Mutex(State())

    /// Begins a read; the writer does not begin to wait meanwhile.
    func take(for read: LongRead, _ begin: () throws -> Void) throws {
        let error: (any Error)? = state.withLock { state in
            do {
                try begin()
                state.holder = read
                return nil
            } catch {
                return error
            }
        }
        if let error { throw error }
    }

    func giveBack() {
        state.withLock { $0.holder = nil }
    }

    /// Runs `body`, which waits for all readers, unless a long read is under way; none begins meanwhile.
    func ifNone(_ body: () throws -> Void) throws {
        let error: (any Error)? = state.withLock { state in
            guard state.holder == nil else { return nil }
            do {
                try body()
                return nil
            } catch {
                return error
            }
        }
        if let error { throw error }
    }

    /// Lets the read under way end: the WAL has grown too long behind it.
    func end() {
        let holder = state.withLock { $0.holder }
        holder?.stop(
            StoreError(
                .unavailable,
                "so much was written meanwhile that the log of it was about to fill the disk; nothing is left of it, so "
                    + "try again when less is written"
            )
        )
    }
}
