import NIOCore
import Synchronization

/// Counts connections, and those that are in a body, so that neither passes its limit.
final class Traffic: Sendable {
    private struct State {
        var connections: Set<ObjectIdentifier> = []
        /// Those that nobody has asked to make room: each is asked once, however often there is none.
        var unasked: [ObjectIdentifier: any Channel] = [:]
        var perAddress: [String: Int] = [:]
        var uploads: [ObjectIdentifier: Upload] = [:]
    }

    private let limits: ConnectionLimits
    private let state = Mutex(State())

    init(_ limits: ConnectionLimits) {
        self.limits = limits
    }

    /// Counts a connection in; false when there is no room, and then it is not counted.
    ///
    /// A nil `address` is not held to the limit per address.
    func open(_ channel: any Channel, _ address: String?) -> Bool {
        state.withLock { state in
            guard state.connections.count < limits.maxConnections else { return false }
            if let address {
                guard state.perAddress[address, default: 0] < limits.maxConnectionsPerAddress else { return false }
                state.perAddress[address, default: 0] += 1
            }
            state.connections.insert(ObjectIdentifier(channel))
            state.unasked[ObjectIdentifier(channel)] = channel
            return true
        }
    }

    /// Has every connection end that answers no request, and the others when they have answered theirs.
    func makeRoom() {
        let channels = state.withLock { state in
            defer { state.unasked = [:] }
            return state.unasked
        }
        for channel in channels.values { channel.pipeline.fireUserInboundEventTriggered(MakeRoom()) }
    }

    /// Counts out what ``open(_:_:)`` counted in.
    func close(_ channel: any Channel, _ address: String?) {
        state.withLock { state in
            state.connections.remove(ObjectIdentifier(channel))
            state.unasked[ObjectIdentifier(channel)] = nil
            guard let address, let count = state.perAddress[address] else { return }
            state.perAddress[address] = count > 1 ? count - 1 : nil
        }
    }

    /// A body takes longer than one read: at most a quarter of the connections may be in one.
    ///
    /// Beyond that the slowest of them is cut.
    func begin(_ upload: Upload, at now: NIODeadline) {
        let slowest: Upload? = state.withLock { state in
            state.uploads[ObjectIdentifier(upload)] = upload
            guard state.uploads.count > max(1, limits.maxConnections / 4) else { return nil }
            let slowest = state.uploads.values.min { $0.pace(at: now) < $1.pace(at: now) }
            if let slowest { state.uploads[ObjectIdentifier(slowest)] = nil }
            return slowest
        }
        slowest?.cut()
    }

    /// How many bodies are on their way.
    var uploads: Int { state.withLock { $0.uploads.count } }

    /// A body has come, or its connection is gone.
    func end(_ upload: Upload) {
        state.withLock { $0.uploads[ObjectIdentifier(upload)] = nil }
    }
}

extension SocketAddress {
    /// The address for the count per address; nil for loopback and Unix sockets.
    var countedAddress: String? {
        guard let address = ipAddress else { return nil }
        return address.hasPrefix("127.") || address == "::1" || address.hasPrefix("::ffff:127.") ? nil : address
    }
}
