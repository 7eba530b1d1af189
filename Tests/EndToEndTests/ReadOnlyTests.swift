import Foundation
import Glibc
import SluiceJSON
import Testing

/// A data directory in which nothing may be written.
@Suite(.timeLimit(.minutes(2))) struct ReadOnlyTests {
    /// How the store was left.
    enum Left: CaseIterable, Sendable {
        case inOrder
        case killed
        /// And without the index of its WAL, as a copy of a snapshot may be.
        case killedWithoutIndex
    }

    @Test(arguments: Left.allCases)
    func aStoreThatMayNotBeWrittenIsRead(left: Left) async throws {
        let home = try Home()
        let gateway = try await Gateway.start(in: home)
        let token = try await gateway.token()
        let id = try await gateway.prompt("Read me", token: token)
        _ = try await gateway.end(of: id, token: token)
        _ = try await gateway.prompt("Wait", token: token, #","delaySeconds":3600"#)
        _ = await gateway.stop(left == .inOrder ? SIGTERM : SIGKILL)
        if left == .killedWithoutIndex { unsafe unlink("\(home.data)/sluice.db-shm") }
        guard let mount = try await ReadOnlyMount(of: home.data, at: "\(home.path)/still") else {
            Issue.record("nothing may be mounted here, so nothing was shown: run this as root", severity: .warning)
            return
        }
        let before = try home.storedBytes()
        let list = try await Command.run("job", "list", "--json", "--data", mount.path)
        #expect(list.status == 0, "\(list.errors)")
        #expect(try Document(Array(list.output.utf8)).root[key: "jobs"]?.elements.count == 2, "\(list.output)")
        let shown = try await Command.run("job", "show", id, "--data", mount.path)
        #expect(shown.status == 0 && shown.output.contains("succeeded"), "\(shown)")
        let check = try await Command.run("check", "--data", mount.path)
        #expect(check.status == 0 && check.output.contains("sound"), "\(check)")
        let backup = try await Command.run("backup", "\(home.path)/b.db", "--data", mount.path)
        #expect(backup.status == 0, "\(backup.errors)")
        let copy = try await Command.run("check", "\(home.path)/b.db")
        #expect(copy.status == 0 && copy.output.contains("sound"), "\(copy)")
        // What would write is refused with a sentence, and nothing was.
        let cancelled = try await Command.run("job", "cancel", id, "--data", mount.path)
        #expect(cancelled.status == 1)
        let made = try await Command.run("token", "create", "--name", "more", "--data", mount.path)
        #expect(made.status == 1 && made.errors.contains("Read-only file system"), "\(made.errors)")
        #expect(try home.storedBytes() == before)
        withExtendedLifetime(mount) {}
    }

    @Test func aServerThatWritesElsewhereIsAsked() async throws {
        let home = try Home()
        let gateway = try await Gateway.start(in: home)
        guard let mount = try await ReadOnlyMount(of: home.data, at: "\(home.path)/still") else {
            Issue.record("nothing may be mounted here, so nothing was shown: run this as root", severity: .warning)
            return
        }
        let asked = try await Command.run("job", "list", "--data", mount.path)
        #expect(asked.status == 0, "\(asked.errors)")
        // So that the command is there before the new socket.
        gateway.process.signal(SIGSTOP)
        unsafe unlink("\(home.data)/admin.sock")
        let refused = try await Command.run("check", "--data", mount.path)
        #expect(refused.status == 1 && refused.errors.contains("its admin socket"), "\(refused.errors)")
        gateway.process.signal(SIGCONT)
        #expect(await gateway.stop() == 0)
        withExtendedLifetime(mount) {}
    }
}

/// A directory under another name, by which nothing in it may be written; gone with the value.
private final class ReadOnlyMount {
    let path: String

    /// Nil where nothing may be mounted.
    init?(of directory: String, at path: String) async throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        guard try await ReadOnlyMount.mount("--bind", directory, path),
            try await ReadOnlyMount.mount("-o", "remount,bind,ro", path)
        else { return nil }
    }

    deinit {
        unsafe umount2(path, Int32(MNT_DETACH))
    }

    private static func mount(_ arguments: String...) async throws -> Bool {
        await (try Command(arguments, program: "/usr/bin/mount")).ended() == 0
    }
}
