import Foundation
import Glibc

/// The admin socket of a data directory, seen from outside the server.
struct AdminSocket {
    /// What is found at the socket's path.
    enum State {
        /// A server answers.
        case answers
        /// No socket, or one that a dead server left.
        case silent
        /// There is one, but it can't be used: one sentence.
        case barred(String)
    }

    /// A path of at most 107 bytes, the most that a socket's address holds.
    let path: String
    private let data: String
    // Keeps `/proc/self/fd/N` alive.
    private let directory: Descriptor?

    init(directory: String) {
        data = directory
        let plain = directory + "/admin.sock"
        guard plain.utf8.count > 107, let descriptor = Descriptor(openingDirectory: directory) else {
            path = plain
            self.directory = nil
            return
        }
        path = "/proc/self/fd/\(descriptor.number)/admin.sock"
        self.directory = descriptor
    }

    /// What is said where a process has the directory, and nobody answers here.
    var silence: Failure {
        let holder = (try? String(contentsOfFile: "\(data)/lock", encoding: .utf8)).flatMap { Int32($0.dropLast()) }
        let gateway = "The gateway" + (holder.map { " (pid \($0))" } ?? "")
        guard unsafe access("\(data)/admin.sock", F_OK) != 0 else {
            return Failure(
                "\(gateway) has \(data) open but does not answer: it may be starting or stopping, so try again in a moment."
            )
        }
        return Failure(
            "\(gateway) has \(data) open, but its admin socket \(data)/admin.sock is gone: unless it is starting or stopping, it is "
                + "made anew within 10 s, so try again then."
        )
    }

    /// Whether a server has the directory, as far as we may know.
    private var isHeld: Bool {
        let file = unsafe open("\(data)/lock", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return true }
        defer { close(file) }
        return flock(file, LOCK_SH | LOCK_NB) != 0
    }

    /// Tries to connect.
    func probe() -> State {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return .barred("No socket could be made (error \(errno)); try again.") }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count <= 107 else {
            return .barred("The path of the data directory is too long: use a shorter one.")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result != 0 else { return .answers }
        switch errno {
        case ENOENT, ECONNREFUSED, ENOTDIR: return .silent
        case EACCES, EPERM:
            // What a dead server of another user left bars nobody from reading what he may read.
            guard isHeld else { return .silent }
            return .barred("\(path) is not yours: run this as the user that runs the server.")
        case let code: return .barred("\(path) can't be reached (error \(code)); is the server well?")
        }
    }
}

/// An open file descriptor, closed with its last owner.
final class Descriptor: Sendable {
    let number: Int32

    init?(openingDirectory path: String) {
        number = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if number < 0 { return nil }
    }

    deinit {
        close(number)
    }
}
