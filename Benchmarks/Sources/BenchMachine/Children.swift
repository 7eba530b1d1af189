package import Glibc
import Synchronization

/// The processes that this run started, so that no way out leaves one behind.
package enum Children {
    private static let living = Mutex<Set<pid_t>>([])

    static func add(_ process: pid_t) {
        _ = living.withLock { $0.insert(process) }
    }

    static func remove(_ process: pid_t) {
        _ = living.withLock { $0.remove(process) }
    }

    /// Counts a process that a child started among ours: strace's tracee, say.
    package static func adopt(_ process: pid_t) {
        add(process)
    }

    /// Forgets an adopted process that has ended.
    package static func forget(_ process: pid_t) {
        remove(process)
    }

    /// Kills what still lives, at once.
    package static func kill() {
        living.withLock { processes in
            for process in processes { _ = Glibc.kill(process, SIGKILL) }
            processes = []
        }
    }

    /// The processes whose parent is `process`'s main thread.
    package static func of(_ process: pid_t) -> [pid_t] {
        guard let file = unsafe fopen("/proc/\(process)/task/\(process)/children", "r") else { return [] }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 4_096)
        guard unsafe fgets(&line, Int32(line.count), file) != nil else { return [] }
        let text = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: text, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
    }
}
