import NIOCore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension ServerStartError {
    /// `flag` names the option that says where to listen, where that is neither `--host` nor `--port`.
    init(_ error: IOError, _ address: String, flag: String? = nil) {
        let (hosts, ports) = (flag ?? "host", flag ?? "port")
        switch error.errnoCode {
        case EADDRINUSE:
            self.init(
                description:
                    "\(address) is in use; stop what listens there, or choose another --\(ports) (port 0 picks one)"
            )
        case EACCES:
            self.init(description: "\(address) may not be used without more rights; choose a --\(ports) above 1023")
        case EADDRNOTAVAIL:
            self.init(description: "\(address) is no address of this machine; choose another --\(hosts)")
        default:
            self.init(description: "\(address) can't be listened on: \(error)")
        }
    }
}
