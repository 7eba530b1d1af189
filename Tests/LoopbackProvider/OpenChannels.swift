import NIOCore
import Synchronization

/// The connections that are open.
final class OpenChannels: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    /// Keeps a connection until it is closed.
    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        channels.withLock { $0[id] = channel }
        channel.closeFuture.whenComplete { [self] _ in channels.withLock { $0[id] = nil } }
    }

    /// Closes all of them, and returns when they are.
    func close() async {
        for channel in channels.withLock({ Array($0.values) }) { try? await channel.close() }
    }
}
