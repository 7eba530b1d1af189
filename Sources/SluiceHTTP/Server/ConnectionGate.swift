import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// Accepts no more connections than there are files for; who comes beyond waits in the kernel's queue until one closes.
final class ConnectionGate: AvailableConnectionsDelegate {
    private struct State {
        var open = 0
        var toldAt: NIODeadline?
    }

    private let most: Int
    private let traffic: Traffic
    private let logger: Logger
    private let state = Mutex(State())

    /// At most `most` connections at once, those of `traffic`.
    init(_ most: Int, _ traffic: Traffic, logger: Logger) {
        self.most = most
        self.traffic = traffic
        self.logger = logger
    }

    /// One was accepted.
    func connectionOpened() {
        state.withLock { $0.open += 1 }
    }

    /// One that was accepted is closed.
    func connectionClosed() {
        state.withLock { $0.open -= 1 }
    }

    /// False while there is no file for another one; then connections without a request make room, and whoever runs the gateway
    /// is told, once a minute.
    func isAcceptingNewConnections() -> Bool {
        let now = NIODeadline.now()
        let (isAccepting, tells) = state.withLock { state in
            guard state.open >= most else { return (true, false) }
            guard state.toldAt.map({ now - $0 >= .minutes(1) }) ?? true else { return (false, false) }
            state.toldAt = now
            return (false, true)
        }
        if !isAccepting { traffic.makeRoom() }
        if tells {
            logger.warning(
                "as many connections are open as there are files for; new callers wait until one closes; raise the limit of open files (LimitNOFILE=, ulimit -n)",
                metadata: ["connections": "\(most)"]
            )
        }
        return isAccepting
    }
}
