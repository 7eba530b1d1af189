import Glibc
import NIOCore
import Synchronization

/// An address and a port that are kept for a server while all that it needs is made.
///
/// A socket is bound to it that does not listen. Whoever comes early is refused by the kernel, as before a start, and a
/// second server that wants the port learns at once that it is taken. See
/// `docs/decisions/0027-a-port-is-held-and-not-listened-on.md`.
package final class HeldPort: Sendable {
    /// The socket; nil once the port was let go.
    private let socket: Mutex<CInt?>

    /// Takes the port, from everybody where that can be.
    ///
    /// Port 0 names none, so of that only the address is tried. `flag` names the option that says where to listen, where that is
    /// neither `--host` nor `--port`.
    ///
    /// - Throws: ``ServerStartError`` where a server could not listen there.
    package init(host: String, port: Int, flag: String? = nil) throws(ServerStartError) {
        let address: SocketAddress
        do {
            address = try SocketAddress.makeAddressResolvingHost(host, port: port)
        } catch {
            throw ServerStartError(description: "\(host) has no address; choose another --\(flag ?? "host")")
        }
        // Where it can be, not even a server that shares is let beside it.
        var (descriptor, code) = HeldPort.bind(to: address, shared: false)
        // Connections that a server before this one has closed keep a port for a minute, and no server from it.
        if code == EADDRINUSE { (descriptor, code) = HeldPort.bind(to: address, shared: true) }
        guard code == 0 else {
            throw ServerStartError(IOError(errnoCode: code, reason: "bind"), "\(host):\(port)", flag: flag)
        }
        socket = Mutex(descriptor)
        if port == 0 { letGo() }
    }

    deinit { letGo() }

    /// Gives the port up, to the server that is to listen there now.
    package func letGo() {
        let held = socket.withLock { socket in
            defer { socket = nil }
            return socket
        }
        if let held { close(held) }
    }

    /// A bound socket, or why there is none.
    ///
    /// `shared` is how the server itself binds: beside sockets that don't listen and are shared too.
    private static func bind(to address: SocketAddress, shared: Bool) -> (descriptor: CInt?, code: CInt) {
        let family = CInt(address.protocol.rawValue)
        let descriptor = Glibc.socket(family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return (nil, errno) }
        var flag: CInt = shared ? 1 : 0
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &flag, socklen_t(MemoryLayout<CInt>.size))
        let isBound = unsafe address.withSockAddr { name, size in
            unsafe Glibc.bind(descriptor, name, socklen_t(size)) == 0
        }
        guard isBound else {
            let code = errno
            close(descriptor)
            return (nil, code)
        }
        return (descriptor, 0)
    }
}
