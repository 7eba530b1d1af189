import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Where a Unix socket is made.
///
/// The kernel takes 107 bytes of path; a longer one is reached through a descriptor of its directory.
final class SocketPlace: Sendable {
    /// What stands at the path.
    enum Standing {
        case own
        case nothing
        /// Another file, or another's socket.
        case other
    }

    private struct Identity: Equatable {
        var device: dev_t
        var inode: ino_t
    }

    let path: String
    /// The path to hand to `bind`: a name beside that one, under which a socket stands until it is ready.
    ///
    /// Whoever listens takes the name away under which it was bound, and so never takes its successor's.
    let bindPath: String
    private let directory: Int32?
    /// The socket that was made last.
    private let made = Mutex<Identity?>(nil)

    private static let longestPath = 107
    private static let draft = ".new"

    /// - Throws: ``ServerStartError`` when the directory can't be opened or something else stands at the path.
    init(_ path: String) throws(ServerStartError) {
        self.path = path
        try SocketPlace.checkFree(path)
        guard path.utf8.count + SocketPlace.draft.utf8.count > SocketPlace.longestPath else {
            bindPath = path + SocketPlace.draft
            directory = nil
            return
        }
        let cut = path.lastIndex(of: "/") ?? path.startIndex
        let folder = String(path[..<cut])
        let name = path[path.index(after: cut)...]
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ServerStartError(description: "the directory \(folder) of the admin socket can't be opened")
        }
        directory = descriptor
        bindPath = "/proc/self/fd/\(descriptor)/\(name)\(SocketPlace.draft)"
        guard bindPath.utf8.count <= SocketPlace.longestPath else {
            close(descriptor)
            throw ServerStartError(description: "the name \(name) of the admin socket is too long")
        }
    }

    /// Lets only the owner connect to the socket that was bound, and gives it its name.
    func publish() {
        unsafe chmod(bindPath, 0o600)
        guard let status = SocketPlace.status(bindPath), unsafe rename(bindPath, path) == 0 else { return }
        made.withLock { $0 = Identity(device: status.st_dev, inode: status.st_ino) }
    }

    var standing: Standing {
        guard let status = SocketPlace.status(path) else { return .nothing }
        return made.withLock { $0 == Identity(device: status.st_dev, inode: status.st_ino) } ? .own : .other
    }

    /// Takes the socket away, unless something else stands in its place.
    func remove() {
        if standing == .own { unsafe unlink(path) }
        if let directory { close(directory) }
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? status : nil
    }

    /// A socket that an earlier life left is replaced when binding; anything else is not ours to remove.
    private static func checkFree(_ path: String) throws(ServerStartError) {
        guard let status = status(path) else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw ServerStartError(description: "\(path) exists and is no socket; move it away")
        }
    }
}
