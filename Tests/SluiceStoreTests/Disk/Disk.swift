import FaultyDisk

/// The disk under a directory, for tests that let it lose power or fail.
///
/// SQLite's files alone are on it; the lock and the directory itself are not.
@safe final class Disk: Sendable {
    /// What a call can meet.
    enum Fault: CaseIterable {
        case ioError
        case noSpace
        case shortWrite
        case failedFlush

        fileprivate var code: faulty_disk_fault {
            switch self {
            case .ioError: FAULTY_DISK_IO_ERROR
            case .noSpace: FAULTY_DISK_NO_SPACE
            case .shortWrite: FAULTY_DISK_SHORT_WRITE
            case .failedFlush: FAULTY_DISK_FAILED_FLUSH
            }
        }
    }

    // The C side has a lock of its own, and nobody else has the pointer.
    nonisolated(unsafe) private let disk: OpaquePointer

    init(under directory: String) {
        unsafe disk = faulty_disk_create(directory)
    }

    deinit {
        unsafe faulty_disk_destroy(disk)
    }

    /// Calls that this fault can meet, so far.
    func calls(metBy fault: Fault) -> Int64 { unsafe faulty_disk_calls(disk, fault.code) }

    /// Calls that change a file or flush it, so far.
    var changes: Int64 { unsafe faulty_disk_changes(disk) }

    var isCut: Bool { unsafe faulty_disk_is_cut(disk) }
    /// Whether the fault was met, and whether in a flush.
    var hasFailed: Bool { unsafe faulty_disk_has_failed(disk) }
    var hasLostFlush: Bool { unsafe faulty_disk_has_lost_flush(disk) }

    /// Lets one of the calls that the fault can meet fail (1: the next), and all after it too when `lasting`.
    func fail(call: Int64, with fault: Fault, lasting: Bool) {
        unsafe faulty_disk_fail(disk, call, fault.code, lasting)
    }

    /// Lets every call succeed from now on.
    func heal() {
        unsafe faulty_disk_heal(disk)
    }

    /// Cuts the power in one of the next changes (1: the next).
    func cut(change: Int64, seed: UInt64) {
        unsafe faulty_disk_cut(disk, change, seed)
    }

    /// Cuts off every connection of now, as if its process had been killed.
    func kill() {
        unsafe faulty_disk_kill(disk)
    }

    /// Gives the power back, after cutting it if it was not; every connection must be closed.
    func restart(seed: UInt64) {
        unsafe faulty_disk_restart(disk, seed)
    }
}
