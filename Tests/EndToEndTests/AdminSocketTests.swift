import Foundation
import Glibc
import Testing

/// The operators' door of a running gateway, when somebody deletes it.
@Suite(.timeLimit(.minutes(2))) struct AdminSocketTests {
    @Test func aDeletedSocketIsMadeAnew() async throws {
        let home = try Home()
        let gateway = try await Gateway.start(in: home)
        let socket = "\(home.data)/admin.sock"
        for round in 0..<2 {
            // So that the command is there before the new socket.
            gateway.process.signal(SIGSTOP)
            #expect(unsafe unlink(socket) == 0)
            let refused = try await Command.run("job", "list", "--data", home.data)
            #expect(refused.status == 1)
            #expect(
                refused.errors.contains("(pid \(gateway.process.pid))")
                    && refused.errors.contains("admin.sock is gone") && refused.errors.contains("within 10 s"),
                "\(refused.errors)"
            )
            gateway.process.signal(SIGCONT)
            let missed = ContinuousClock.now
            if round == 0 {
                #expect(await gateway.process.logs("the admin socket was deleted, and is made anew") != nil)
                #expect(ContinuousClock.now - missed < .seconds(10))
            }
            while try await Command.run("job", "list", "--data", home.data).status != 0 { try Task.checkCancellation() }
            var status = stat()
            #expect(unsafe lstat(socket, &status) == 0 && status.st_mode == S_IFSOCK | 0o600)
        }
        #expect(await gateway.stop() == 0)
        #expect(!FileManager.default.fileExists(atPath: socket))
    }

    @Test func whatSomebodyElsePutThereStays() async throws {
        let home = try Home()
        let gateway = try await Gateway.start(in: home)
        let socket = "\(home.data)/admin.sock"
        try FileManager.default.removeItem(atPath: socket)
        try home.write("mine", to: socket)
        #expect(await gateway.process.logs("something else stands where the admin socket was") != nil)
        #expect(await gateway.stop() == 0)
        #expect(try String(contentsOfFile: socket, encoding: .utf8) == "mine")
    }
}
