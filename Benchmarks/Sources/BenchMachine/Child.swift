import Foundation
package import Glibc

/// A process that this run started and will end by its id.
package final class Child: Sendable {
    package let process: pid_t
    private let name: String

    /// Starts `path` with its standard output and error in files.
    ///
    /// The child dies with this process (`setpriv --pdeathsig`, where util-linux has it), even when this one is killed
    /// outright. Its environment is what every run has, and `variables` (`NAME=value`).
    /// - Throws: `BenchFault` when it can't be started.
    package init(
        _ path: String,
        _ arguments: [String],
        variables: [String] = [],
        output: String,
        errors: String
    ) throws(BenchFault) {
        let wrapper = "/usr/bin/setpriv"
        let wrapped = unsafe access(wrapper, X_OK) == 0
        let line = (wrapped ? [wrapper, "--pdeathsig", "KILL", "--"] : []) + [path] + arguments
        name = String(path.split(separator: "/").last ?? "?")
        process = try Self.spawn(line, variables, output: output, errors: errors)
        Children.add(process)
    }

    private static func spawn(
        _ line: [String],
        _ variables: [String],
        output: String,
        errors: String
    ) throws(BenchFault) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        let flags = O_WRONLY | O_CREAT | O_APPEND
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o600)
        // Our own mask blocks what must reach the child.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        // No setting of the caller's shell may change what is measured.
        let environment = ["PATH", "HOME", "LANG", "TZ"].compactMap { name in
            ProcessInfo.processInfo.environment[name].map { "\(name)=\($0)" }
        }
        return unsafe try spawn(line, environment + variables, &actions, &attributes)
    }

    private static func spawn(
        _ line: [String],
        _ environment: [String],
        _ actions: inout posix_spawn_file_actions_t,
        _ attributes: inout posix_spawnattr_t
    ) throws(BenchFault) -> pid_t {
        var arguments = unsafe line.map { unsafe strdup($0) } + [nil]
        var variables = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer {
            for index in unsafe arguments.indices { unsafe free(arguments[index]) }
            for index in unsafe variables.indices { unsafe free(variables[index]) }
        }
        var process = pid_t()
        let code = unsafe posix_spawn(&process, line[0], &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw .system("starting \(line[0])", code) }
        return process
    }

    /// True until it has ended; an ended one is reaped by ``end(within:)`` only.
    package var isAlive: Bool {
        var information = unsafe siginfo_t()
        let answer = unsafe waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT)
        return unsafe answer == 0 && information.si_signo == 0
    }

    /// Waits for it to end by itself.
    /// - Returns: Its exit code, 128 and more for a signal.
    /// - Throws: `BenchFault` after `seconds`.
    package func exitCode(within seconds: Double) throws(BenchFault) -> Int32 {
        let end = Nanoseconds.now() + UInt64(seconds * 1e9)
        while isAlive {
            guard Nanoseconds.now() < end else { throw BenchFault("\(name) did not end within \(seconds) s.") }
            pause(milliseconds: 5)
        }
        return reap()
    }

    /// SIGTERM, and SIGKILL when that is not enough.
    package func end(within seconds: Double = 15) {
        guard isAlive else {
            _ = reap()
            return
        }
        _ = kill(process, SIGTERM)
        if (try? exitCode(within: seconds)) == nil {
            _ = kill(process, SIGKILL)
            _ = reap()
        }
    }

    private func reap() -> Int32 {
        var status: Int32 = 0
        guard unsafe waitpid(process, &status, 0) == process else { return 0 }
        Children.remove(process)
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }
}
