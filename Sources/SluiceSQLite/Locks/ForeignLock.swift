import Glibc

/// A lock that another process has on a database: more than having it open.
struct ForeignLock: Hashable, Sendable, CustomStringConvertible {
    /// What the process does with the database, by the bytes that it has locked.
    ///
    /// They are SQLite's: https://www.sqlite.org/walformat.html#wal_locks and `SHARED_FIRST` in its `os.h`.
    enum Use: String, Sendable {
        case writing
        case checkpointing = "moving the WAL into the database"
        case recovering = "taking the WAL in"
        case reading
        case excluding = "keeping everybody else out"

        /// By a lock on the WAL's index; nil where it has no meaning of its own.
        fileprivate init?(index bytes: ClosedRange<Int64>, isExclusive: Bool) {
            switch (isExclusive, bytes.lowerBound) {
            case (true, 120): self = .writing
            case (true, 121): self = .checkpointing
            case (true, 122): self = .recovering
            case (false, 123...127): self = .reading
            default: return nil
            }
        }

        /// By a lock on the database itself: whoever has it open shares one.
        fileprivate init?(database bytes: ClosedRange<Int64>, isExclusive: Bool) {
            guard isExclusive, bytes.overlaps(0x4000_0000...0x4000_01ff) else { return nil }
            self = .excluding
        }
    }

    let pid: pid_t
    /// The process's name; nil for one that is gone, or not ours to see.
    let command: String?
    let use: Use

    var description: String { "\(command ?? "a process") (pid \(pid)), \(use.rawValue)" }

    /// What others have locked of the database at `path`, as the kernel tells it.
    ///
    /// Nothing is opened for it: the closing of a file ends all of SQLite's locks on it. Empty where the kernel tells nothing.
    static func all(on path: String) -> [ForeignLock] {
        guard let text = Files.systemText("/proc/locks") else { return [] }
        let files = (database: Files.inode(path), index: Files.inode("\(path)-shm"))
        return parse(text, database: files.database, index: files.index, own: getpid()).map { pid, use in
            let name = Files.systemText("/proc/\(pid)/comm").map { $0.prefix { $0 != "\n" } }
            return ForeignLock(pid: pid, command: name.map(String.init), use: use)
        }
    }

    /// The uses that lines of `/proc/locks` tell of, each once.
    ///
    /// A file is known by its number alone: what the kernel calls its device may be another one than what `stat` calls it.
    static func parse(
        _ text: String,
        database: UInt64?,
        index: UInt64?,
        own: pid_t
    ) -> [(pid: pid_t, use: Use)] {
        var found: [(pid: pid_t, use: Use)] = []
        for line in text.split(separator: "\n") {
            // 5: POSIX  ADVISORY  WRITE 17797 fe:00:16672034 120 120
            let words = line.split(separator: " ")
            guard words.count == 8, words[1] == "POSIX", let pid = pid_t(words[4]), pid > 0, pid != own,
                let inode = words[5].split(separator: ":").last.flatMap({ UInt64($0) }),
                let first = Int64(words[6]), let last = words[7] == "EOF" ? .max : Int64(words[7]), first <= last
            else { continue }
            let isExclusive = words[3] == "WRITE"
            let use: Use? =
                switch inode {
                case index: Use(index: first...last, isExclusive: isExclusive)
                case database: Use(database: first...last, isExclusive: isExclusive)
                default: nil
                }
            guard let use, !found.contains(where: { $0 == (pid, use) }) else { continue }
            found.append((pid, use))
        }
        return found
    }
}
