import SluiceDialects
import SluiceJSON
import SluiceTypes
import Testing

@Suite("A thread that is said in one request")
struct ResponsesRebuildTests {
    private static let limit = 1 << 20

    private func turn(
        _ input: String,
        _ output: String = #"{"output":[]}"#,
        isOwn: Bool = true,
        number: Int = 1
    ) -> ResponsesTurn {
        ResponsesTurn(
            job: ThreadFixture.job(number),
            input: Array(input.utf8),
            output: .object(Array(output.utf8)),
            sharesAccount: isOwn
        )
    }

    private func fault(_ turns: [ResponsesTurn], _ call: String, limit: Int = limit) throws -> ResponsesFault? {
        let document = try Document(Array(call.utf8))
        do throws(ResponsesFault) {
            _ = try ResponsesRebuild(turns, document, limit: limit)
            return nil
        } catch {
            return error
        }
    }

    @Test("has the fixtures") func fixtures() { #expect(ThreadFixture.all.count == 9) }

    @Test("is what the fixture says, to the byte", arguments: ThreadFixture.all)
    func fixture(fixture: ThreadFixture) throws {
        let rebuilt = try ResponsesRebuild(
            fixture.turns,
            try Document(fixture.call),
            limit: ResponsesRebuildTests.limit
        )
        #expect(String(decoding: rebuilt.body.bytes, as: UTF8.self) == fixture.body)
        #expect(rebuilt.dropped.names == fixture.dropped)
        #expect(rebuilt.turns == fixture.turns.count)
    }

    @Test("needs an output for every call, somewhere behind it")
    func openCalls() throws {
        let calls = ["function_call", "custom_tool_call", "computer_call", "local_shell_call", "apply_patch_call"]
        for type in calls {
            let answer = #"{"output":[{"type":"\#(type)","call_id":"call_1"},{"type":"\#(type)","call_id":"call_2"}]}"#
            let asked = turn(#"{"input":"x"}"#, answer)
            let found = try fault([asked], #"{"input":[{"type":"x_call_output","call_id":"call_2"}]}"#)
            #expect(found == .openCall("call_1"))
            #expect(found?.message.contains("'call_1'") == true && found?.parameter == "input")
        }
        let answer = #"{"output":[{"type":"function_call","call_id":"call_1"}]}"#
        let before = #"{"input":[{"type":"function_call_output","call_id":"call_1","output":""}]}"#
        #expect(try fault([turn(before, answer)], #"{"input":"y"}"#) == .openCall("call_1"))
        #expect(try fault([turn(#"{"input":"x"}"#, answer)], before) == nil)
        #expect(try fault([], #"{"input":[{"type":"function_call","call_id":"own"}]}"#) == .openCall("own"))
    }

    @Test("finds no reference beyond the thread")
    func unknownReferences() throws {
        let asked = turn(
            #"{"input":[{"role":"user","content":"x"}]}"#,
            #"{"output":[{"type":"message","id":"msg_1"}]}"#
        )
        func reference(_ id: String) -> String { #"{"input":[{"type":"item_reference","id":"\#(id)"}]}"# }
        #expect(try fault([asked], reference("msg_1")) == nil)
        let given = "msg_" + String(repeating: "01", count: 16)
        #expect(try fault([asked], reference(given + "0")) == nil)
        // A place that the turn does not have, and another job's.
        for id in [given + "1", "msg_" + String(repeating: "02", count: 16) + "0", "msg_2"] {
            #expect(try fault([asked], reference(id)) == .unknownItem(id))
            #expect(try fault([turn(reference(id))], #"{"input":"y"}"#) == .unknownItem(id))
        }
        #expect(try fault([asked], #"{"input":[{"type":"item_reference","id":7}]}"#) == .unknownItem(""))
    }

    @Test("is refused where it answers what another account keeps")
    func boundElsewhere() throws {
        let program =
            #"{"output":[{"type":"function_call","call_id":"call_1","caller":{"type":"program","caller_id":"p"}}]}"#
        let output = #"{"input":[{"type":"function_call_output","call_id":"call_1","output":""}]}"#
        #expect(try fault([turn(#"{"input":"x"}"#, program)], output) == nil)
        #expect(
            try fault([turn(#"{"input":"x"}"#, program, isOwn: false)], output) == .boundElsewhere("the call 'call_1'")
        )
        let request = #"{"output":[{"type":"mcp_approval_request","id":"mcpr_1"}]}"#
        let response = #"{"input":[{"type":"mcp_approval_response","approval_request_id":"mcpr_1","approve":true}]}"#
        #expect(try fault([turn(#"{"input":"x"}"#, request)], response) == nil)
        let refused = try fault([turn(#"{"input":"x"}"#, request, isOwn: false)], response)
        #expect(refused == .boundElsewhere("the approval request 'mcpr_1'"))
        let compaction = #"{"input":[{"type":"compaction","encrypted_content":"c"}]}"#
        #expect(try fault([turn(compaction)], #"{"input":"y"}"#) == nil)
        let lost = try fault([turn(compaction, isOwn: false)], #"{"input":"y"}"#)
        #expect(lost == .boundElsewhere("a compaction item in an earlier turn"))
        #expect(lost?.errorClass == .invalidRequest && lost?.message.contains("compaction") == true)
    }

    @Test("has 200 turns at most, and no more bytes than are allowed")
    func limits() throws {
        let turns = (0..<200).map { turn(#"{"input":"\#($0)"}"#, number: $0) }
        let call = #"{"input":"end","previous_response_id":"r"}"#
        let whole = try ResponsesRebuild(turns, try Document(Array(call.utf8)), limit: ResponsesRebuildTests.limit)
        #expect(whole.turns == 200 && whole.body.root[key: "input"]?.elements.count == 201)
        #expect(try fault(turns + [turn("{}")], call) == .tooManyTurns(limit: 200))
        let length = whole.body.bytes.count
        #expect(try fault(turns, call, limit: length) == nil)
        #expect(try fault(turns, call, limit: length - 1) == .tooLarge(limit: length - 1))
        #expect(try fault(turns, call, limit: 100) == .tooLarge(limit: 100))
        #expect(try fault(turns, call, limit: 100)?.message.contains("100 bytes") == true)
        // Each turn may be read, and all together hold too much.
        let many =
            #"{"input":[\#([String](repeating: #"{"role":"user","content":[]}"#, count: 17_000).joined(separator: ","))]}"#
        let each = (0..<3).map { turn(many, number: $0) }
        #expect(try fault(each, call, limit: 32 << 20) == .tooComplex)
    }

    @Test(
        "tells a stored turn that can't be read",
        arguments: [
            ("", #"{"output":[]}"#), ("[]", #"{"output":[]}"#), (#"{"input":"x"}"#, ""), (#"{"input":"x"}"#, "{}"),
            (#"{"input":"x"}"#, #"{"output":{}}"#), (#"{"input":"x"}"#, #"{"output":["#),
        ]
    )
    func unreadable(input: String, output: String) throws {
        let found = try fault([turn(input, output, number: 3)], #"{"input":"y"}"#)
        #expect(found == .unreadable(ThreadFixture.job(3)) && found?.errorClass == .corrupt)
    }

    @Test("needs an input that is a text or a list", arguments: ["7", "{}", "true"])
    func inputs(input: String) throws {
        let call = #"{"input":\#(input)}"#
        #expect(try fault([], call) == .noInput)
        #expect(try fault([turn(call)], #"{"input":"y"}"#) == .noInput)
        #expect(try fault([], "[]") == .noInput)
        #expect(try fault([], "{}") == nil)
    }

    @Test("carries what is deep, and shows little of what is long")
    func hostile() throws {
        let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        #expect(try fault([turn(#"{"input":[{"type":"message","content":\#(deep)}]}"#)], #"{"input":"y"}"#) == nil)
        let deepest = String(repeating: "[", count: 62) + String(repeating: "]", count: 62)
        let deepCall = #"{"input":[\#(deepest)]}"#
        #expect(try fault([turn(deepCall)], #"{"input":"y"}"#) == nil)
        let long = String(repeating: "x", count: 100_000)
        let message = try fault([], #"{"input":[{"type":"item_reference","id":"\#(long)"}]}"#)?.message ?? long
        #expect(message.utf8.count < 256)
    }
}
