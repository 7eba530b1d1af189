import Foundation
import Glibc
import SluiceJSON
import Testing

@Suite(.timeLimit(.minutes(2))) struct BackupTests {
    @Test func aBackupMadeWhilePromptsComeHasAllThatWereAcknowledgedBeforeIt() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        var before: [String] = []
        for number in 0..<20 { before.append(try await gateway.prompt("Before \(number)", token: token)) }
        let waiting = try await gateway.prompt("Waits", token: token, #","delaySeconds":3600"#)
        for id in before { _ = try await gateway.end(of: id, token: token) }
        let file = gateway.home.path + "/backup.db"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { while !Task.isCancelled { _ = try await gateway.prompt("Meanwhile", token: token) } }
            }
            let backup = try await Command.run(
                "backup",
                "backup.db",
                "--data",
                gateway.home.data,
                directory: gateway.home.path
            )
            #expect(backup.status == 0, "\(backup.errors)")
            #expect(backup.output == file)
            #expect(backup.errors.contains("succeeded") && !backup.errors.contains("\r"))
            group.cancelAll()
            while let _ = try? await group.next() {}
        }
        #expect(await gateway.stop() == 0)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)

        let home = try Home()
        let restore = try await Command.run("restore", file, "--data", home.data)
        #expect(restore.status == 0, "\(restore.errors)")
        #expect(restore.output == home.data)
        #expect(restore.errors.contains("token list"))
        let restored = try await Gateway.start(in: home)
        for (number, id) in before.enumerated() {
            let record = try await restored.record(id, token: token)
            #expect(record[key: "response"]?.string == "Before \(number)")
        }
        #expect(try await restored.record(waiting, token: token)[key: "status"]?.string == "queued")
        let check = try await Command.run("check", "--data", home.data)
        #expect(check.status == 0 && check.output.hasPrefix("sound: "), "\(check.output)")
    }

    @Test func withoutAServerTheCommandCopiesTheStoreItself() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        let id = try await gateway.prompt("Kept", token: token, #","delaySeconds":3600"#)
        let home = gateway.home
        #expect(await gateway.stop() == 0)
        // Another file system, as far as there is one.
        let file = "/dev/shm/sluice-test-\(UUID().uuidString.prefix(8)).db"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let backup = try await Command.run("backup", file, "--data", home.data, "--json")
        #expect(backup.status == 0, "\(backup.errors)")
        let report = try Document(Array(backup.output.utf8)).root
        #expect(report[key: "path"]?.string == file)
        #expect(report[key: "jobs"]?[key: "queued"]?.integer == 1)
        #expect(
            try await Command.run("check", file).output
                == "sound: schema \(report[key: "schema"]?.integer ?? 0), 1 job: 1 queued"
        )
        let target = home.path + "/other"
        let restore = try await Command.run("restore", file, "--data", target, "--json")
        #expect(try Document(Array(restore.output.utf8)).root[key: "jobs"]?[key: "queued"]?.integer == 1)
        let shown = try await Command.run("job", "show", id, "--data", target)
        #expect(shown.output.contains("queued"))
        let audit = try await Command.run("audit", "--action", "backup", "--data", home.data)
        #expect(audit.output.contains("store.backup") && audit.output.contains(file))
    }

    @Test func whatCanNotBeBackedUpOrRestoredIsToldInASentenceAndNothingIsTouched() async throws {
        let gateway = try await Gateway.start(in: Home())
        let home = gateway.home
        let file = home.path + "/backup.db"
        #expect(try await Command.run("backup", file, "--data", home.data).status == 0)
        let bytes = try Data(contentsOf: URL(filePath: file))
        let refused: ([String], String) async throws -> Void = { arguments, word in
            let command = try Command(arguments)
            #expect(await command.ended() == 1, "\(arguments)")
            #expect(command.output.text.isEmpty)
            #expect(command.errors.text.contains(word), "\(arguments): \(command.errors.text)")
            #expect(command.errors.all.count == 1, "\(arguments): \(command.errors.text)")
        }
        try await refused(["backup", file, "--data", home.data], "already")
        try await refused(["backup", home.path, "--data", home.data], "already")
        try await refused(["backup", home.path + "/none/b.db", "--data", home.data], "no directory")
        #expect(try Data(contentsOf: URL(filePath: file)) == bytes)
        try await refused(["restore", file, "--data", home.data], "not empty")
        #expect(try await gateway.send("GET", "/healthz").status == 200)
        let target = home.path + "/target"
        try await refused(["restore", home.path + "/none", "--data", target], "there is no file")
        try await refused(["restore", home.providers, "--data", target], "is no database")
        try await refused(["restore", home.data + "/sluice.db", "--data", target], "sluice backup")
        for (offset, text, word) in [(68, "MINE", "another program"), (60, "\0\0\u{1}\0", "newer sluice")] {
            var other = bytes
            other.replaceSubrange(offset..<(offset + 4), with: Data(text.utf8))
            try other.write(to: URL(filePath: home.path + "/other.db"))
            try await refused(["restore", home.path + "/other.db", "--data", target], word)
            try await refused(["check", home.path + "/other.db"], word)
        }
        #expect(!FileManager.default.fileExists(atPath: target))
        let names = try FileManager.default.contentsOfDirectory(atPath: home.path).sorted()
        #expect(names == ["backup.db", "data", "other.db", "providers.json"])
    }

    @Test func aDamagedBackupIsFoundAndRefused() async throws {
        let gateway = try await Gateway.start(in: Home())
        let home = gateway.home
        let file = home.path + "/backup.db"
        #expect(try await Command.run("backup", file, "--data", home.data).status == 0)
        var bytes = try Data(contentsOf: URL(filePath: file))
        let half = bytes.count / 2 / 4096 * 4096
        bytes.replaceSubrange(half..<(half + 8192), with: Data(repeating: 0xAA, count: 8192))
        try bytes.write(to: URL(filePath: file))
        let check = try await Command.run("check", file, "--json")
        #expect(check.status == 1)
        let root = try Document(Array(check.output.utf8)).root
        #expect(root[key: "sound"]?.boolean == false)
        #expect(root[key: "faults"]?[0]?[key: "guarantee"]?.string == "file")
        let target = home.path + "/target"
        let restore = try await Command.run("restore", file, "--data", target)
        #expect(restore.status == 1 && restore.errors.contains("is damaged"))
        #expect(!FileManager.default.fileExists(atPath: target))
    }

    @Test func aFullDiskLeavesNothingOfABackup() async throws {
        let home = try Home()
        let place = home.path + "/small"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let mount = try Command(
            ["-t", "tmpfs", "-o", "size=2m,mode=0700", "sluice-test", place],
            program: "/usr/bin/mount"
        )
        guard await mount.ended() == 0 else {
            Issue.record("no tmpfs may be mounted here, so no full disk was shown: run as root", severity: .warning)
            return
        }
        defer { unsafe umount2(place, Int32(MNT_DETACH)) }
        let gateway = try await Gateway.start(in: home)
        let token = try await gateway.token()
        for _ in 0..<5 {
            _ = try await gateway.prompt(String(repeating: "x", count: 900_000), token: token, #","delaySeconds":3600"#)
        }
        let backup = try await Command.run("backup", place + "/b.db", "--data", home.data)
        #expect(backup.status == 1)
        #expect(backup.errors.contains("no room"), "\(backup.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
        let file = home.path + "/b.db"
        #expect(try await Command.run("backup", file, "--data", home.data).status == 0)
        let restore = try await Command.run("restore", file, "--data", place + "/data")
        #expect(restore.status == 1)
        #expect(restore.errors.contains("no room"), "\(restore.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
        #expect(try await gateway.send("GET", "/readyz").status == 200)
    }

    /// SIGKILL comes at some moment of it: what has the file's name is whole, and what has not says what it is.
    @Test(arguments: [SIGTERM, SIGKILL]) func aServerThatEndsDuringABackupLeavesNoHalfOfIt(signal: Int32) async throws {
        let gateway = try await Gateway.start(in: Home())
        let home = gateway.home
        let token = try await gateway.token()
        for _ in 0..<12 {
            _ = try await gateway.prompt(String(repeating: "x", count: 900_000), token: token, #","delaySeconds":3600"#)
        }
        let file = home.path + "/b.db"
        let backup = try Command(["backup", file, "--data", home.data])
        while try drafts(home).isEmpty && !FileManager.default.fileExists(atPath: file) { await Task.yield() }
        let status = await gateway.stop(signal)
        let isDone = await backup.ended() == 0
        if FileManager.default.fileExists(atPath: file) {
            #expect(try await Command.run("check", file).status == 0)
        } else {
            #expect(!isDone)
        }
        if signal == SIGTERM {
            #expect(status == 0, "\(gateway.log)")
            #expect(try drafts(home) == [], "\(gateway.log)")
        }
        let second = try await Gateway.start(in: home)
        #expect(try await Command.run("backup", home.path + "/c.db", "--data", home.data).status == 0)
        #expect(await second.stop() == 0)
    }

    @Test func whoeverInterruptsTheCommandGivesTheBackupUp() async throws {
        let gateway = try await Gateway.start(in: Home())
        let home = gateway.home
        let token = try await gateway.token()
        for _ in 0..<12 {
            _ = try await gateway.prompt(String(repeating: "x", count: 900_000), token: token, #","delaySeconds":3600"#)
        }
        let file = home.path + "/b.db"
        let backup = try Command(["backup", file, "--data", home.data])
        while try drafts(home).isEmpty && !FileManager.default.fileExists(atPath: file) { await Task.yield() }
        backup.signal(SIGINT)
        _ = await backup.ended()
        // What was done before the signal may be whole; nothing else stays, once the server has noticed.
        while try !drafts(home).isEmpty { await Task.yield() }
        if FileManager.default.fileExists(atPath: file) { #expect(try await Command.run("check", file).status == 0) }
        let line = try await Command.run("audit", "--action", "store.backup", "--data", home.data)
        #expect(line.output.contains(file))
        #expect(await gateway.stop() == 0)
    }

    private func drafts(_ home: Home) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: home.path).filter { $0.contains(".partial") }
    }
}
