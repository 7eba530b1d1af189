import Foundation
import Glibc

/// The directory that holds the store, its lock and the admin socket.
enum DataDirectory {
    /// Makes the directory, open to its owner alone, where there is none; closes one to others that they can enter.
    ///
    /// - Throws: ``Failure`` when it can't be made or used, or holds what is not ours and would be closed to others.
    static func prepare(_ path: String) throws(Failure) {
        if unsafe mkdir(path, 0o700) != 0 && errno != EEXIST {
            let reason = FileError(code: errno)
            throw Failure("The data directory \(path) can't be made (\(reason)): make it, or name another with --data.")
        }
        var facts = stat()
        guard unsafe stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
            throw Failure("\(path) is no directory: name another with --data.")
        }
        guard facts.st_mode & 0o077 != 0 else { return }
        guard isOurs(path) else {
            throw Failure(
                "\(path) holds other files and is open to other users: name a directory of its own with --data."
            )
        }
        guard unsafe chmod(path, 0o700) == 0 else {
            throw Failure("\(path) is open to other users and not yours to close: run chmod 700 on it as its owner.")
        }
    }

    /// True for a directory with a store, or its lock, in it, and for an empty one.
    private static func isOurs(_ path: String) -> Bool {
        isFile("\(path)/sluice.db") || isFile("\(path)/lock") || isEmpty(path)
    }

    /// True for a plain file; `/var/lock` is none.
    private static func isFile(_ path: String) -> Bool {
        var facts = stat()
        return unsafe lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }

    /// True where nothing is in the directory but what a new file system has.
    private static func isEmpty(_ path: String) -> Bool {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return false }
        return names.allSatisfy { $0 == "lost+found" }
    }
}
