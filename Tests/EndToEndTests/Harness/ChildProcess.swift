import ChildStart
import Foundation
import Glibc

/// A child process, started and waited for by the system's own calls.
///
/// Foundation's `Process` was seen to crash in `run()` when many tests start processes, so that it is not used.
struct ChildProcess: Sendable {
    let pid: pid_t
    /// What the child writes to its standard output and error.
    let output: FileHandle
    let errors: FileHandle

    /// Starts `program` in a process group of its own, with nothing of this process but what is given.
    ///
    /// Its standard input is empty; every signal has its default.
    ///
    /// - Throws: `HarnessError` with what the system says against it.
    init(program: String, arguments: [String], environment: [String: String], directory: String?) throws {
        let (out, err) = (try Self.pipe(), try Self.pipe())
        defer {
            close(out.write)
            close(err.write)
        }
        do {
            pid = try Self.spawn(program, arguments, environment, directory, output: out.write, errors: err.write)
        } catch {
            close(out.read)
            close(err.read)
            throw error
        }
        output = FileHandle(fileDescriptor: out.read, closeOnDealloc: true)
        errors = FileHandle(fileDescriptor: err.read, closeOnDealloc: true)
    }

    /// Waits on the calling thread until the child is over, and then calls `isOver`, while its id is still its own.
    ///
    /// - Returns: its exit status, or as a shell tells it: 128 and the signal that ended it.
    func wait(isOver: () -> Void) -> Int32 {
        var info = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        isOver()
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var (reading, writing): (Int32, Int32) = (-1, -1)
        let failure = unsafe child_pipe(&reading, &writing)
        guard failure == 0 else { throw HarnessError("no pipe: \(unsafe String(cString: strerror(failure)))") }
        return (reading, writing)
    }

    private static func spawn(
        _ program: String,
        _ arguments: [String],
        _ environment: [String: String],
        _ directory: String?,
        output: Int32,
        errors: Int32
    ) throws -> pid_t {
        let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        let settings = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        defer {
            var rest = unsafe words + settings
            while let text = unsafe rest.popLast() { unsafe free(text) }
        }
        var pid: pid_t = 0
        let failure = unsafe child_start(&pid, program, words, settings, directory, output, errors)
        guard failure == 0 else { throw HarnessError("\(program): \(unsafe String(cString: strerror(failure)))") }
        return pid
    }
}
