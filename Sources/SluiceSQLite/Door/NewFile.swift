import Glibc
import SluiceStore

/// A file in the making, readable by its owner alone, that takes its name when it is whole and never takes another's.
///
/// Until then it stands beside its place under that name, some random digits and `.partial`, which tells what it is if
/// the process dies. One that is given up leaves nothing behind.
struct NewFile: ~Copyable {
    /// Where it can be written meanwhile.
    let draft: String
    let path: String
    let directory: String
    private let file: Int32

    /// Makes it, empty.
    ///
    /// - Throws: ``StoreError``, `refused`, when there is something at `path` already or nothing can be put there.
    init(at path: String) throws(StoreError) {
        // Everything that can go wrong first: what can't be copied is made whole or not at all.
        let file = try NewFile.open(path)
        self.path = path
        self.directory = file.directory
        self.draft = file.draft
        self.file = file.descriptor
    }

    deinit {
        close(file)
        // Nothing is there any more once it has its name.
        for part in [draft, "\(draft)-wal", "\(draft)-shm", "\(draft)-journal"] { unsafe unlink(part) }
    }

    /// Appends bytes.
    ///
    /// - Throws: ``StoreError`` when they can't all be written.
    func append(_ bytes: ArraySlice<UInt8>) throws(StoreError) {
        let path = path
        try Files.write(bytes, to: file) { code in NewFile.cantWrite(path, code) }
    }

    /// The bytes it has.
    var size: Int64 {
        var facts = stat()
        return unsafe fstat(file, &facts) == 0 ? Int64(facts.st_size) : 0
    }

    /// Flushes it and gives it its name.
    ///
    /// - Throws: ``StoreError``; whatever has come to stand at the path meanwhile is as it was.
    consuming func publish() throws(StoreError) {
        guard fsync(file) == 0 else { throw NewFile.cantWrite(path, errno) }
        // A rename would replace what stands there; a second name never does.
        if unsafe link(draft, path) != 0 {
            guard errno != EEXIST else { throw NewFile.taken(path) }
            try moveWithoutLinks()
        }
        Files.flushDirectory(directory)
    }

    /// For file systems that know no links: takes the name with an empty file, and replaces that.
    private func moveWithoutLinks() throws(StoreError) {
        let place = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard place >= 0 else { throw cantName(errno) }
        close(place)
        guard unsafe rename(draft, path) == 0 else {
            let problem = errno
            unsafe unlink(path)
            throw cantName(problem)
        }
    }

    private func cantName(_ code: Int32) -> StoreError {
        code == EEXIST ? NewFile.taken(path) : NewFile.cantMake(path, directory, code)
    }

    private static func cantWrite(_ path: String, _ code: Int32) -> StoreError {
        code == ENOSPC || code == EDQUOT
            ? noRoom(path)
            : StoreError(.refused, "\(path) can't be written: \(Files.reason(code)); mend that, or name another place")
    }

    private static func open(
        _ path: String
    ) throws(StoreError) -> (descriptor: Int32, draft: String, directory: String) {
        guard !isTaken(path) else { throw taken(path) }
        let cut = path.lastIndex(of: "/")
        let directory = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard let name = cut.map({ path[path.index(after: $0)...] }), !name.isEmpty else {
            throw StoreError(.refused, "\(path) names no file; name one that does not exist yet")
        }
        let draft = "\(path).\(String(UInt64.random(in: 0x1000_0000...0xffff_ffff), radix: 16)).partial"
        let file = unsafe Glibc.open(draft, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw cantMake(path, directory, errno) }
        _ = fchmod(file, 0o600)
        return (file, draft, directory)
    }

    /// A name is taken by whatever has it, a link that leads nowhere too.
    private static func isTaken(_ path: String) -> Bool {
        var facts = stat()
        return unsafe lstat(path, &facts) == 0
    }

    private static func taken(_ path: String) -> StoreError {
        StoreError(
            .refused,
            "there is something at \(path) already, and it is never replaced; name a file that does not exist"
        )
    }

    private static func cantMake(_ path: String, _ directory: String, _ code: Int32) -> StoreError {
        switch code {
        case ENOENT where !Files.exists(directory), ENOTDIR:
            StoreError(.refused, "there is no directory \(directory); make it, or name another")
        case ENOSPC, EDQUOT: noRoom(path)
        default: StoreError(.refused, "\(path) can't be made: \(Files.reason(code)); mend that, or name another place")
        }
    }

    static func noRoom(_ path: String) -> StoreError {
        StoreError(.full, "the disk has no room for \(path); make some, or name a file on another disk")
    }
}
