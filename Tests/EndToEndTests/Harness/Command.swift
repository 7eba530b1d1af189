import Foundation
import Glibc
import Synchronization

/// A process of the program under test, or of a tool.
final class Command: Sendable {
    let output = Lines()
    let errors = Lines()
    let pid: pid_t
    private let exit: Task<Int32, Never>
    private let life = Life()

    /// The program under test: `SLUICE_BINARY`, else the built one, which stands beside the bundle of the tests.
    static let sluice: String = {
        if let named = ProcessInfo.processInfo.environment["SLUICE_BINARY"], !named.isEmpty { return named }
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("sluice").path
    }()

    /// Starts `program`, the program under test unless another one is named.
    ///
    /// The environment is nearly empty but for what is given, so that no setting of the machine leaks into a test.
    ///
    /// - Throws: what the system says against it.
    init(
        _ arguments: [String],
        program: String = Command.sluice,
        environment: [String: String] = [:],
        directory: String? = nil
    ) throws {
        let child = try ChildProcess(
            program: program,
            arguments: arguments,
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"].merging(environment) { $1 },
            directory: directory
        )
        pid = child.pid
        output.read(child.output)
        errors.read(child.errors)
        let (ends, end) = AsyncStream.makeStream(of: Int32.self)
        Thread.detachNewThread { [life] in
            end.yield(child.wait { life.isOver.store(true, ordering: .sequentiallyConsistent) })
            end.finish()
        }
        exit = Task { await ends.first { _ in true } ?? -1 }
    }

    deinit {
        // A test that failed half-way leaves nothing behind.
        signal(SIGKILL)
    }

    /// Sends a signal; not to a process that is over, whose id may be another's by now.
    func signal(_ number: Int32) {
        if !life.isOver.load(ordering: .sequentiallyConsistent) { kill(pid, number) }
    }

    /// How it ended, once it has and all that it wrote was read.
    ///
    /// A test whose time is over kills it, so that nothing waits for ever.
    func ended() async -> Int32 {
        await withTaskCancellationHandler {
            let status = await exit.value
            await output.end()
            await errors.end()
            return status
        } onCancel: {
            signal(SIGKILL)
        }
    }

    /// The first line that holds `part` on standard output, or nil when the process ended without one.
    func says(_ part: String) async -> String? {
        await withTaskCancellationHandler {
            await output.first(holding: part)
        } onCancel: {
            signal(SIGKILL)
        }
    }

    /// The first line that holds `part` on standard error, or nil when the process ended without one.
    func logs(_ part: String) async -> String? {
        await withTaskCancellationHandler {
            await errors.first(holding: part)
        } onCancel: {
            signal(SIGKILL)
        }
    }

    /// Runs `script` in a shell to its end; `$0` is the program under test, `$@` the arguments.
    static func shell(
        _ script: String,
        _ arguments: String...,
        environment: [String: String] = [:]
    ) async throws -> Outcome {
        let line = ["-c", script, Command.sluice] + arguments
        let command = try Command(line, program: "/bin/sh", environment: environment)
        let status = await command.ended()
        return Outcome(status: status, output: command.output.text, errors: command.errors.text)
    }

    /// Runs the program under test to its end.
    static func run(
        _ arguments: String...,
        environment: [String: String] = [:],
        directory: String? = nil
    ) async throws -> Outcome {
        try await run(arguments, environment: environment, directory: directory)
    }

    /// The same.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        directory: String? = nil
    ) async throws -> Outcome {
        let command = try Command(arguments, environment: environment, directory: directory)
        let status = await command.ended()
        return Outcome(status: status, output: command.output.text, errors: command.errors.text)
    }
}

private final class Life: Sendable {
    let isOver = Atomic(false)
}

/// What became of a command.
struct Outcome: Sendable {
    var status: Int32
    var output: String
    var errors: String
}
