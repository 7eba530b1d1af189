import NIOCore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Who is at the other end of a Unix socket.
package enum PeerCheck {
    /// The kernel's `struct ucred`.
    private struct Credentials: Sendable {
        var process: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
    }

    /// True for processes of our own user and of root.
    @Sendable
    static func admits(_ channel: any Channel) -> EventLoopFuture<Bool> {
        credentials(channel).map { isTrusted($0.user) }.recover { _ in false }
    }

    /// The audit's name for whoever is at the other end: `operator`, with the name of his user.
    static func actor(of channel: any Channel) async -> String {
        guard let user = try? await credentials(channel).get().user else { return "operator" }
        return actor(user)
    }

    /// The audit's name for a user of this machine: `operator:anna`, or his number where he has no name.
    package static func actor(_ user: UInt32) -> String {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        let size = buffer.count
        let code = unsafe getpwuid_r(user, &entry, &buffer, size, &found)
        // The name lies in the buffer.
        let name = unsafe code == 0 && found != nil ? unsafe String(cString: entry.pw_name) : nil
        return "operator:\(name ?? String(user))"
    }

    private static func credentials(_ channel: any Channel) -> EventLoopFuture<Credentials> {
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        return provider.unsafeGetSocketOption(level: .socket, name: .init(rawValue: SO_PEERCRED))
    }

    static func isTrusted(_ user: UInt32) -> Bool { user == 0 || user == geteuid() }
}
