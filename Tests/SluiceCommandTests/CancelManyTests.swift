import ArgumentParser
import SluiceJSON
import Testing

@testable import sluice

@Suite struct CancelManyTests {
    @Test func eachFilterIsHandedOnAndTheJobsAreGoneThroughTwice() async throws {
        let command = try await JobCancel.asyncParse(
            ["--status", "queued", "--model", "m", "--owner", "o", "--lane", "bulk", "--type", "chat"]
                + ["--since", "2h", "--until", "1h", "--yes", "--json"]
        )
        let carrier = PagingCarrier(
            #"{"cancelled":["d","c"],"refused":[{"id":"b","detail":"the disk is full"}],"next":"queued:1:o"}"#,
            #"{"cancelled":["a"],"refused":[],"next":null}"#,
            #"{"cancelled":["e"],"refused":[{"id":"b","detail":"the disk is full"}],"next":null}"#
        )
        let report = await command.cancelAll(with: AdminClient(carrier: carrier))
        // One that came back to the queue behind the first round is found by the second.
        #expect(report.done == ["d", "c", "a", "e"])
        let root = try Document(report.summary).root
        #expect(root[key: "cancelled"]?.elements.count == 4)
        #expect(root[key: "refused"]?.elements.map { $0[key: "id"]?.string } == ["b"])
        let error = #expect(throws: Failure.self) { try report.finish() }
        #expect(error?.sentence.contains("1 could not be cancelled") == true)
        let calls = carrier.calls
        #expect(calls.map { $0.given("after") } == [nil, "queued:1:o", nil])
        for call in calls {
            #expect(call.path == ["jobs", "cancel"])
            let words = ["status", "model", "owner", "lane", "type"].map { call.given($0) }
            #expect(words == ["queued", "m", "o", "bulk", "chat"])
            #expect(try #require(call.given("since")) < #require(call.given("until")))
            #expect(call.given("dryRun") == nil)
        }
    }

    @Test func noMoreThanTheLimitAreTouched() async throws {
        let command = try await JobCancel.asyncParse(["--limit", "3", "--yes", "--json"])
        let carrier = PagingCarrier(
            #"{"cancelled":["c","b"],"refused":[],"next":"queued:1:o"}"#,
            #"{"cancelled":["a"],"refused":[],"next":"queued:0:o"}"#
        )
        let report = await command.cancelAll(with: AdminClient(carrier: carrier))
        try report.finish()
        #expect(report.done == ["c", "b", "a"])
        #expect(carrier.calls.map { $0.given("limit") } == ["3", "1"])
    }

    @Test func manyWantAYesAndNoneIsTouchedWithoutIt() async throws {
        let command = try await JobCancel.asyncParse(["--status", "queued", "--json"])
        let ids = (0...100).map { #""\#($0)""# }.joined(separator: ",")
        let carrier = PagingCarrier(#"{"cancelled":[\#(ids)],"refused":[],"next":null}"#)
        let report = await command.cancelAll(with: AdminClient(carrier: carrier))
        let error = #expect(throws: Failure.self) { try report.finish() }
        #expect(error?.sentence.contains("101 jobs fit") == true && error?.sentence.contains("--yes") == true)
        #expect(carrier.calls.map { $0.given("dryRun") } == ["true"])
    }

    @Test func aFilterThatFindsNothingIsNoFailure() async throws {
        let command = try await JobCancel.asyncParse(["--model", "nothing", "--json"])
        let none = #"{"cancelled":[],"refused":[],"next":null}"#
        let report = await command.cancelAll(with: AdminClient(carrier: PagingCarrier(none, none, none)))
        try report.finish()
        #expect(report.done.isEmpty)
    }

    @Test(arguments: [
        ([], "Say which"), (["a", "--status", "queued"], "not both"), (["a", "--limit", "3"], "not both"),
        (["a", "--dry-run"], "--dry-run"), (["--yes"], "Say which"),
        (["--since", "1h", "--until", "60m"], "the longer time"),
    ])
    func whatMakesNoSenseIsWrongUsage(arguments: [String], words: String) async {
        let error = await #expect(throws: (any Error).self) { try await JobCancel.asyncParse(arguments) }
        #expect(error.map { JobCancel.message(for: $0).contains(words) } == true)
    }
}
