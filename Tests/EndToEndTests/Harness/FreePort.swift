import Glibc

/// A port of 127.0.0.1 that nobody listens on, to come back to life after life of a server.
enum FreePort {
    /// Finds one from `start` on, below those that the system gives to outgoing connections: one of these might have it
    /// by the time the server comes back.
    static func find(from start: Int) throws -> Int {
        for port in start..<(start + 1000) where isFree(port) { return port }
        throw HarnessError("no free port from \(start) on")
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
