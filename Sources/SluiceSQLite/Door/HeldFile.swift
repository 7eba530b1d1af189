import Glibc
import SluiceStore

/// A file that is held open, and told from another one of its name.
struct HeldFile: Sendable {
    let descriptor: Int32
    private let path: String
    private let device: dev_t
    private let inode: ino_t

    /// Takes over an open file of that path.
    ///
    /// - Throws: ``StoreError`` when the system tells nothing of it.
    init(_ descriptor: Int32, at path: String) throws(StoreError) {
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0 else { throw StoreError(cantOpen: path, errno) }
        self.descriptor = descriptor
        self.path = path
        device = facts.st_dev
        inode = facts.st_ino
    }

    /// Its path, where it is not there any more, or another file is.
    ///
    /// As long as it is open its number is nobody else's.
    var lost: String? {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0, facts.st_dev == device, facts.st_ino == inode else { return path }
        return nil
    }
}
