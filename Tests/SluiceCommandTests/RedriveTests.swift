import ArgumentParser
import SluiceJSON
import Testing

@testable import sluice

@Suite struct RedriveTests {
    /// Lists two dead jobs, and is gone when asked for more.
    private struct BreakingCarrier: AdminCarrier {
        func carry(_ call: AdminCall) async throws -> Reply {
            guard call.method == "GET" else { return Reply(status: 200, body: Array("{}".utf8)) }
            guard !call.query.contains(where: { $0.name == "after" }) else { throw Failure("The server is gone.") }
            return Reply(status: 200, body: Array(#"{"jobs":[{"id":"a"},{"id":"b"}],"next":"b"}"#.utf8))
        }
    }

    @Test(arguments: [["--dry-run"], []])
    func whatBreaksOffIsReportedWithWhatWasDone(more: [String]) async throws {
        let command = try JobRedrive.parse(["--class", "server", "--json"] + more)
        let report = await command.redrive(with: AdminClient(carrier: BreakingCarrier()))
        #expect(report.done == ["a", "b"])
        let root = try Document(report.summary).root
        #expect(root[key: more.isEmpty ? "queued" : "found"]?.elements.map(\.string) == ["a", "b"])
        #expect(root[key: "brokeOff"]?.string == "The server is gone.")
        let error = #expect(throws: Failure.self) { try report.finish() }
        #expect(error?.sentence.contains("again") == true)
    }
}
