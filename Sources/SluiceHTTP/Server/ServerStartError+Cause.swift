import NIOCore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension ServerStartError {
    init(_ error: IOError, _ address: String) {
        switch error.errnoCode {
        case EADDRINUSE:
            self.init(
                description: "\(address) is in use; stop what listens there, or choose another --port (0 picks one)"
            )
        case EACCES:
            self.init(description: "\(address) may not be used without more rights; choose a --port above 1023")
        case EADDRNOTAVAIL:
            self.init(description: "\(address) is no address of this machine; choose another --host")
        default:
            self.init(description: "\(address) can't be listened on: \(error)")
        }
    }
}
