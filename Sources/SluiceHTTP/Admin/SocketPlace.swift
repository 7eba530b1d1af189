#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Where a Unix socket is made.
///
/// The kernel takes 107 bytes of path; a longer one is reached through a descriptor of its directory.
struct SocketPlace: Sendable {
    let path: String
    /// The path to hand to `bind`.
    let bindPath: String
    private let directory: Int32?

    static let longestPath = 107

    /// - Throws: ``ServerStartError`` when the directory can't be opened or something else stands at the path.
    init(_ path: String) throws(ServerStartError) {
        self.path = path
        try SocketPlace.checkFree(path)
        guard path.utf8.count > SocketPlace.longestPath else {
            bindPath = path
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
        bindPath = "/proc/self/fd/\(descriptor)/\(name)"
        guard bindPath.utf8.count <= SocketPlace.longestPath else {
            close(descriptor)
            throw ServerStartError(description: "the name \(name) of the admin socket is too long")
        }
    }

    /// Lets only the owner connect.
    func restrict() {
        unsafe chmod(bindPath, 0o600)
    }

    func remove() {
        unsafe unlink(bindPath)
        if let directory { close(directory) }
    }

    /// A socket that an earlier life left is replaced when binding; anything else is not ours to remove.
    private static func checkFree(_ path: String) throws(ServerStartError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw ServerStartError(description: "\(path) exists and is no socket; move it away")
        }
    }
}
