import Glibc

/// The directory that holds the store, its lock and the admin socket.
enum DataDirectory {
    /// Makes the directory, open to its owner alone, where there is none; closes one to others that they can enter.
    ///
    /// - Throws: ``Failure`` when it can't be made or used.
    static func prepare(_ path: String) throws {
        if unsafe mkdir(path, 0o700) != 0 && errno != EEXIST {
            let reason = FileError(code: errno)
            throw Failure("The data directory \(path) can't be made (\(reason)): make it, or name another with --data.")
        }
        var facts = stat()
        guard unsafe stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
            throw Failure("\(path) is no directory: name another with --data.")
        }
        guard facts.st_mode & 0o077 != 0 else { return }
        guard unsafe chmod(path, 0o700) == 0 else {
            throw Failure("\(path) is open to other users and not yours to close: run chmod 700 on it as its owner.")
        }
    }
}
