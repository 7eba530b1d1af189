import Glibc
import SluiceStore

/// What can be seen of a data directory from outside.
struct DirectoryLook {
    let path: String
    /// The mode, without the type; nil where there is no directory.
    let mode: UInt32?
    /// As in `ext4`; nil where that can't be told.
    let fileSystem: String?
    /// Bytes that are free for this user.
    let free: Int64?

    /// Those on which a flush may be a word, or a lock none.
    static let remote: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "glusterfs", "fuse.glusterfs",
    ]
    static let memory: Set<String> = ["tmpfs", "ramfs"]

    init(_ path: String) {
        self.path = path
        var facts = stat()
        let isThere = unsafe stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
        mode = isThere ? facts.st_mode & 0o7777 : nil
        fileSystem = DirectoryLook.fileSystem(of: path)
        var room = statvfs()
        free = unsafe statvfs(path, &room) == 0 ? Int64(room.f_bavail) * Int64(room.f_frsize) : nil
    }

    static func isThere(_ path: String) -> Bool { DirectoryLook(path).mode != nil }

    /// The kind of the file system that is mounted nearest above a path, by the kernel's own table (proc(5), `mountinfo`).
    private static func fileSystem(of path: String) -> String? {
        guard let real = unsafe realpath(path, nil) else { return nil }
        defer { unsafe Glibc.free(real) }
        guard let full = unsafe String(validatingCString: real), let table = try? File.read("/proc/self/mountinfo")
        else {
            return nil
        }
        var best = (length: -1, kind: String?.none)
        for line in String(decoding: table, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 5, let dash = words.firstIndex(of: "-"), dash + 1 < words.count else { continue }
            let mount = words[4].replacing("\\040", with: " ")
            let isAbove = mount == "/" || full == mount || full.hasPrefix(mount + "/")
            // Of two at the same place the later one is what is seen.
            if isAbove, mount.count >= best.length { best = (mount.count, String(words[dash + 1])) }
        }
        return best.kind
    }
}
