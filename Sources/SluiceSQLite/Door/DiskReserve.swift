import Glibc

/// A file of the data directory that takes room on the disk, to be given back when there is none left.
struct DiskReserve: Sendable {
    private let path: String
    private let directory: String
    /// How many bytes are set aside; 0 for none.
    let size: Int

    init(in directory: String, size: Int) {
        self.directory = directory
        self.size = size
        path = "\(directory)/\(DiskReserve.name)"
    }

    /// Its name in the data directory.
    static let name = "reserve"

    /// True while all of it is set aside.
    var isHeld: Bool {
        var facts = stat()
        return unsafe stat(path, &facts) == 0 && facts.st_size == size && Int(facts.st_blocks) * 512 >= size
    }

    /// True where it was set aside once: one that was given back leaves an empty file.
    var isKnown: Bool { Files.exists(path) }

    /// Sets it aside, unless that would leave next to nothing for all else; false where there is no room for it.
    func take() -> Bool {
        guard !isHeld else { return true }
        guard size > 0, hasRoom else { return false }
        let wasKnown = isKnown
        let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        guard ftruncate(file, off_t(size)) == 0, posix_fallocate(file, 0, off_t(size)) == 0 else {
            if wasKnown { giveBack() } else { forget() }
            return false
        }
        return true
    }

    /// Gives it back to the disk.
    func giveBack() {
        unsafe truncate(path, 0)
    }

    /// Takes the file away.
    func forget() {
        unsafe unlink(path)
    }

    /// Whether a quarter as much again is free.
    var hasRoom: Bool {
        var facts = statvfs()
        guard unsafe statvfs(directory, &facts) == 0 else { return false }
        return Int(facts.f_bavail) * Int(facts.f_frsize) >= size + size / 4
    }
}
