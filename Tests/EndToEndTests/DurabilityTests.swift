import Foundation
import SluiceJSON
import Testing

/// Whether an acknowledgement means anything, seen from the kernel's side.
@Suite(.timeLimit(.minutes(2))) struct DurabilityTests {
    @Test func eachPromptIsOnTheDeviceBeforeItIsAcknowledged() async throws {
        guard try await Strace.isPermitted() else {
            // Said aloud, since a test that passes without having looked would be worse than none.
            Issue.record(
                "strace may not trace here, so nothing was shown: install it and allow ptrace",
                severity: .warning
            )
            return
        }
        let home = try Home()
        let trace = home.path + "/trace"
        let tool = [
            Strace.path, "-f", "-qq", "-s", "4096", "-o", trace, "-e",
            "trace=fdatasync,read,recvfrom,write,writev,sendto",
        ]
        let gateway = try await Gateway.start(in: home, under: tool)
        let token = try await gateway.token()
        for number in 0..<5 {
            _ = try await gateway.prompt("Durable \(number)", token: token, #","delaySeconds":3600"#)
        }
        // The tracer passes the signal on to nobody: its child is asked by its own id.
        let status = try await Command.run("provider", "list", "--data", home.data)
        #expect(status.status == 0)
        kill(try #require(Strace.child(of: gateway.process.pid)), SIGTERM)
        #expect(await gateway.process.ended() == 0)

        let events = Strace.events(try String(contentsOfFile: trace, encoding: .utf8))
        #expect(events.filter { $0 == .request }.count == 5)
        var flushed = false
        for event in events {
            switch event {
            case .request: flushed = false
            case .flush: flushed = true
            case .acknowledgement: #expect(flushed, "a 202 left before the flush of its prompt")
            }
        }
        #expect(events.filter { $0 == .acknowledgement }.count == 5)
    }
}

/// What `strace` wrote, reduced to what matters.
enum Strace {
    enum Event: Equatable {
        /// A prompt was read from its caller.
        case request
        /// The device said that it holds the data.
        case flush
        /// 202 was written to the caller.
        case acknowledgement
    }

    static let path = "/usr/bin/strace"

    static func isPermitted() async throws -> Bool {
        guard FileManager.default.isExecutableFile(atPath: path) else { return false }
        return await (try Command(["-qq", "-o", "/dev/null", "/bin/true"], program: path)).ended() == 0
    }

    static func child(of pid: Int32) -> Int32? {
        let text = try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
        return text?.split(separator: " ").first.flatMap { Int32($0) }
    }

    /// A call that was cut in two by another thread's counts where it ended: a flush only then has happened.
    static func events(_ text: String) -> [Event] {
        text.split(separator: "\n").compactMap { line in
            if line.contains("fdatasync"), line.hasSuffix("= 0") { return .flush }
            if line.contains("POST /v1/prompts ") { return .request }
            if line.contains("HTTP/1.1 202") { return .acknowledgement }
            return nil
        }
    }
}
