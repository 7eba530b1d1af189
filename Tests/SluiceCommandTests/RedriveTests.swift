import ArgumentParser
import SluiceJSON
import Testing

@testable import sluice

@Suite struct RedriveTests {
    @Test(arguments: [["--dry-run"], []])
    func whatBreaksOffIsReportedWithWhatWasDone(more: [String]) async throws {
        let command = try await JobRedrive.asyncParse(["--class", "server", "--yes", "--json"] + more)
        let carrier = PagingCarrier(#"{"queued":["a","b"],"refused":[],"next":"b"}"#)
        let report = await command.redrive(with: AdminClient(carrier: carrier))
        #expect(report.done == ["a", "b"])
        let root = try Document(report.summary).root
        #expect(root[key: more.isEmpty ? "queued" : "found"]?.elements.map(\.string) == ["a", "b"])
        #expect(root[key: "brokeOff"]?.string == "The server is gone.")
        let error = #expect(throws: Failure.self) { try report.finish() }
        #expect(error?.sentence.contains("again") == true)
    }

    @Test func whatIsRefusedAsAWholeIsToldInItsOwnSentence() async throws {
        let command = try await JobRedrive.asyncParse(["--class", "server", "--yes", "--json"])
        let report = await command.redrive(with: AdminClient(carrier: PagingCarrier()))
        let error = #expect(throws: Failure.self) { try report.finish() }
        #expect(error?.sentence == "The server is gone.")
    }

    @Test func eachPageGoesOnWhereTheLastEndedAndRefusalsAreKept() async throws {
        let command = try await JobRedrive.asyncParse([
            "--model", "m", "--class", "server", "--to-model", "n", "--yes", "--json",
        ])
        let carrier = PagingCarrier(
            #"{"queued":["c"],"refused":[{"id":"b","detail":"the prompt was deleted"}],"next":"b"}"#,
            #"{"queued":["a"],"refused":[],"next":null}"#
        )
        let report = await command.redrive(with: AdminClient(carrier: carrier))
        #expect(report.done == ["c", "a"])
        let refused = try Document(report.summary).root[key: "refused"]
        #expect(refused?.elements.map { $0[key: "id"]?.string } == ["b"])
        let error = #expect(throws: Failure.self) { try report.finish() }
        #expect(error?.sentence.contains("1 could not") == true)
        let calls = carrier.calls
        #expect(calls.map { $0.given("after") } == [nil, "b"])
        for call in calls {
            #expect(call.path == ["jobs", "redrive"])
            #expect(call.given("modelWas") == "m")
            #expect(call.given("dryRun") == nil)
            #expect(try Document(call.body).root[key: "model"]?.string == "n")
        }
    }
}
