import NIOCore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Who is at the other end of a Unix socket.
enum PeerCheck {
    /// The kernel's `struct ucred`.
    private struct Credentials: Sendable {
        var process: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
    }

    /// True for processes of our own user and of root.
    @Sendable
    static func admits(_ channel: any Channel) -> EventLoopFuture<Bool> {
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeSucceededFuture(false)
        }
        let credentials: EventLoopFuture<Credentials> = provider.unsafeGetSocketOption(
            level: .socket,
            name: .init(rawValue: SO_PEERCRED)
        )
        return credentials.map { isTrusted($0.user) }.recover { _ in false }
    }

    static func isTrusted(_ user: UInt32) -> Bool { user == 0 || user == geteuid() }
}
