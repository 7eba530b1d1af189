import CCurl
import Glibc
import SluiceProvider
import SluiceTypes
import Synchronization

/// What other threads ask of the loop.
enum Command: Sendable {
    case start(id: UInt64, PreparedCall, TransportEvents.Continuation)
    case cancel(id: UInt64)
    case drain(id: UInt64)
    case goOn(id: UInt64)
    case lookedUp(host: String, Result<[IPAddress], LookupFailure>)
    case shutDown(done: @Sendable () -> Void)
}

/// The loop's letter box: a queue, and an eventfd that wakes the loop when the queue was empty.
///
/// It lives as long as anyone may post, which is longer than the loop.
final class Mailbox: Sendable {
    private struct State {
        var commands: [Command] = []
        var isOpen = true
    }

    /// Readable when commands wait.
    let descriptor: CInt
    private let state = Mutex(State())

    /// - Throws: ``CurlTransport/StartError`` when the system gives no descriptor.
    init() throws(CurlTransport.StartError) {
        descriptor = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { throw CurlTransport.StartError("the system gives no eventfd (errno \(errno))") }
    }

    deinit {
        close(descriptor)
    }

    /// Hands a command over; false when the loop has ended and nobody will read it.
    func post(_ command: Command) -> Bool {
        let (accepted, wake) = state.withLock { state in
            guard state.isOpen else { return (false, false) }
            state.commands.append(command)
            return (true, state.commands.count == 1)
        }
        if wake { eventfd_write(descriptor, 1) }
        return accepted
    }

    /// Takes what waits, into `commands`, whose storage the next senders use.
    func take(into commands: inout [Command]) {
        commands.removeAll(keepingCapacity: true)
        state.withLock { swap(&$0.commands, &commands) }
    }

    /// Makes the descriptor wait again.
    func acknowledge() {
        var count: UInt64 = 0
        unsafe eventfd_read(descriptor, &count)
    }

    /// Takes nothing more and returns what was left.
    func close() -> [Command] {
        state.withLock { state in
            state.isOpen = false
            defer { state.commands = [] }
            return state.commands
        }
    }

    private func close(_ descriptor: CInt) {
        Glibc.close(descriptor)
    }
}
