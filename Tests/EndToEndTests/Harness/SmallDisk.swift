import Glibc

/// A file system in memory, of a few megabytes, at a directory; gone with the value.
final class SmallDisk {
    private let directory: String

    /// Nil where nothing may be mounted.
    init?(at directory: String, megabytes: Int) async throws {
        self.directory = directory
        guard try await SmallDisk.mount("-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0700", "sluice-test", directory)
        else { return nil }
    }

    deinit {
        unsafe umount2(directory, Int32(MNT_DETACH))
    }

    /// Makes it larger while it is in use.
    func grow(to megabytes: Int) async throws {
        guard try await SmallDisk.mount("-o", "remount,size=\(megabytes)m", directory) else {
            throw HarnessError("the disk can't be made larger")
        }
    }

    private static func mount(_ arguments: String...) async throws -> Bool {
        await (try Command(arguments, program: "/usr/bin/mount")).ended() == 0
    }
}
