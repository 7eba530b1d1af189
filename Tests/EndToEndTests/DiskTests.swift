import Foundation
import Glibc
import SluiceJSON
import Testing

/// What happens when the disk does not do what it should.
@Suite(.timeLimit(.minutes(2))) struct DiskTests {
    private static func body(_ size: Int) -> String {
        #"{"type":"chat","model":"stub-echo","prompt":"\#(String(repeating: "x", count: size))","delaySeconds":3600}"#
    }

    @Test func aFailedFlushStopsTheServerWith75AndTheNextStartHasWhatWasAcknowledged() async throws {
        guard try await Strace.isPermitted() else {
            Issue.record("strace may not trace here, so no failed flush was shown: allow ptrace", severity: .warning)
            return
        }
        let home = try Home()
        let first = try await Gateway.start(in: home)
        let token = try await first.token()
        let kept = try await first.prompt("Kept", token: token, #","delaySeconds":3600"#)
        let fault = try Command(
            [
                "-f", "-p", String(first.process.pid), "-o", "/dev/null", "-e", "trace=fdatasync,fsync",
                "-e", "inject=fdatasync,fsync:error=EIO",
            ],
            program: Strace.path
        )
        guard await fault.logs("attached") != nil else {
            Issue.record("strace may not attach here, so no failed flush was shown", severity: .warning)
            return
        }
        // Either no answer at all or a 503: what must not come is an acknowledgement.
        let answer = try? await first.send("POST", "/v1/prompts", token: token, body: Self.body(1))
        try #require(answer.map(\.status) != 202)
        #expect(await first.process.ended() == 75)
        #expect(first.process.errors.text.contains("Start again"))
        let second = try await Gateway.start(in: home)
        #expect(try await second.record(kept, token: token)[key: "prompt"]?.string == "Kept")
    }
}
