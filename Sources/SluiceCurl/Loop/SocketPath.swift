import CCurl
import Glibc

/// The path of a Unix socket in a form that fits a socket address, which has room for 107 bytes.
///
/// A longer path goes by way of its directory, held open: `/proc/self/fd/7/name`.
final class SocketPath {
    /// The longest path a socket address holds.
    static let longest = 107

    /// What to connect to; good for as long as this object lives.
    let path: String
    /// True when the path holds only for as long as this object does.
    var isPassing: Bool { directory >= 0 }

    private let directory: CInt

    /// nil when the directory of a long path can't be opened, or the socket's own name is too long.
    init?(_ path: String) {
        guard path.utf8.count > SocketPath.longest else {
            self.path = path
            directory = -1
            return
        }
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let parent = path.dropLast(name.count)
        directory = unsafe ccurl_open_directory(parent.isEmpty ? "." : String(parent))
        self.path = "/proc/self/fd/\(directory)/\(name)"
        guard directory >= 0 && self.path.utf8.count <= SocketPath.longest else {
            // Nothing is closed here: a class's deinit runs for a failed init once all is set.
            return nil
        }
    }

    deinit {
        if directory >= 0 { close(directory) }
    }
}
