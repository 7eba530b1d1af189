import NIOCore
import Synchronization

/// Counts connections and the bytes of bodies that are held, so that neither passes its limit.
final class Traffic: Sendable {
    private struct State {
        var connections = 0
        var perAddress: [String: Int] = [:]
        var bytes = 0
    }

    private let limits: ConnectionLimits
    private let state = Mutex(State())

    init(_ limits: ConnectionLimits) {
        self.limits = limits
    }

    /// Counts a connection in; false when there is no room, and then it is not counted.
    ///
    /// A nil `address` is not held to the limit per address.
    func open(_ address: String?) -> Bool {
        state.withLock { state in
            guard state.connections < limits.maxConnections else { return false }
            if let address {
                guard state.perAddress[address, default: 0] < limits.maxConnectionsPerAddress else { return false }
                state.perAddress[address, default: 0] += 1
            }
            state.connections += 1
            return true
        }
    }

    /// Counts out what ``open(_:)`` counted in.
    func close(_ address: String?) {
        state.withLock { state in
            state.connections -= 1
            guard let address, let count = state.perAddress[address] else { return }
            state.perAddress[address] = count > 1 ? count - 1 : nil
        }
    }

    /// Sets bytes aside; false when there is no room.
    func hold(_ bytes: Int) -> Bool {
        state.withLock { state in
            guard state.bytes + bytes <= limits.bytesInFlight else { return false }
            state.bytes += bytes
            return true
        }
    }

    /// How many bytes are set aside.
    var held: Int { state.withLock { $0.bytes } }

    func release(_ bytes: Int) {
        state.withLock { $0.bytes -= bytes }
    }
}

extension SocketAddress {
    /// The address for the count per address; nil for loopback and Unix sockets.
    var countedAddress: String? {
        guard let address = ipAddress else { return nil }
        return address.hasPrefix("127.") || address == "::1" || address.hasPrefix("::ffff:127.") ? nil : address
    }
}
