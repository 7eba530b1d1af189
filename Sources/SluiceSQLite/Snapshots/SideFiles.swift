import Glibc

/// The files that SQLite makes beside a database even for a look at it.
struct SideFiles {
    private let made: [String]

    /// Notes which of them are not there yet.
    init(of path: String) {
        made = ["\(path)-wal", "\(path)-shm"].filter { !Files.exists($0) }
    }

    /// Removes those that were made since: an empty WAL, and its index.
    func remove() {
        for path in made { unsafe unlink(path) }
    }
}
