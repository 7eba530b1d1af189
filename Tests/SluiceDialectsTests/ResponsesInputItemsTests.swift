import SluiceDialects
import SluiceJSON
import SluiceTypes
import Testing

@Suite("The items of a response's input")
struct ResponsesInputItemsTests {
    private static let digits = String(repeating: "07", count: 16)

    private func items(_ body: String) throws -> ResponsesInputItems {
        try ResponsesInputItems(Array(body.utf8), of: ThreadFixture.job(7))
    }

    private func ids(_ page: [UInt8]) throws -> [String] {
        try Document(page).root[key: "data"]?.elements.compactMap { $0[key: "id"]?.string } ?? []
    }

    @Test("are one message where a text was sent")
    func text() throws {
        let page = try items(#"{"input":"A \u0062\/c"}"#).page()
        let id = "msg_\(ResponsesInputItemsTests.digits)0"
        let message =
            #"""
            {"id":"\#(id)","type":"message","status":"completed","role":"user","content":[{"type":"input_text",\#
            "text":"A \u0062\/c"}]}
            """#
        let list = #"{"object":"list","data":[\#(message)],"first_id":"\#(id)","last_id":"\#(id)","has_more":false}"#
        #expect(String(decoding: page, as: UTF8.self) == list)
    }

    @Test(
        "keep their bytes, and get what is missing",
        arguments: [
            (
                #"{"role":"user","content":"x"}"#,
                #"{"role":"user","content":[{"type":"input_text","text":"x"}],"id":"msg_#0","type":"message","status":"completed"}"#
            ),
            (
                #"{"type":"message", "role":"assistant","content":"x","status":"incomplete"}"#,
                #"""
                {"type":"message", "role":"assistant","content":[{"type":"output_text","text":"x","annotations":[]}],\#
                "status":"incomplete","id":"msg_#0"}
                """#
            ),
            (
                #"{"type":"function_call","id":"fc_own","call_id":"c","name":"n","arguments":"{}","status":"completed"}"#,
                #"{"type":"function_call","id":"fc_own","call_id":"c","name":"n","arguments":"{}","status":"completed"}"#
            ),
            (
                #"{"type":"function_call","id":"","status":null}"#,
                #"{"type":"function_call","id":"fc_#0","status":"completed"}"#
            ),
            (
                #"{"type":"function_call_output"}"#,
                #"{"type":"function_call_output","id":"fco_#0","status":"completed"}"#
            ),
            (#"{"type":"custom_tool_call"}"#, #"{"type":"custom_tool_call","id":"ctc_#0","status":"completed"}"#),
            (#"{"type":"reasoning","summary":[]}"#, #"{"type":"reasoning","summary":[],"id":"rs_#0"}"#),
            (#"{"type":"vendor"}"#, #"{"type":"vendor","id":"item_#0"}"#),
            (#"{"type":"item_reference","id":"x"}"#, #"{"type":"item_reference","id":"x"}"#),
            ("7", "7"),
        ]
    )
    func told(item: String, expected: String) throws {
        let page = try items(#"{"input":[\#(item)]}"#).page()
        let told = try Document(page).root[key: "data"]?[0].map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(told == expected.replacing("#", with: ResponsesInputItemsTests.digits))
    }

    @Test("come from the last to the first, page by page")
    func pages() throws {
        let all = (0..<45).map { #"{"role":"user","id":"i\#($0)","content":"\#($0)"}"# }.joined(separator: ",")
        let list = try items(#"{"input":[\#(all)]}"#)
        let first = try Document(try list.page())
        #expect(try ids(first.bytes) == (25..<45).reversed().map { "i\($0)" })
        #expect(first.root[key: "first_id"]?.string == "i44" && first.root[key: "last_id"]?.string == "i25")
        #expect(first.root[key: "has_more"]?.boolean == true && first.root[key: "object"]?.string == "list")
        #expect(try ids(try list.page(after: "i25")) == (5..<25).reversed().map { "i\($0)" })
        let last = try Document(try list.page(after: "i5"))
        #expect(try ids(last.bytes) == ["i4", "i3", "i2", "i1", "i0"] && last.root[key: "has_more"]?.boolean == false)
        #expect(try ids(try list.page(.ascending, limit: 3, after: "i1")) == ["i2", "i3", "i4"])
        #expect(try ids(try list.page(.ascending, limit: 100)).count == 45)
        let none = try Document(try list.page(after: "i0")).root
        #expect(none[key: "data"]?[0] == nil && none[key: "first_id"]?.isNull == true)
        #expect(none[key: "last_id"]?.isNull == true && none[key: "has_more"]?.boolean == false)
    }

    @Test("are none without an input", arguments: ["{}", #"{"input":null}"#, #"{"input":[]}"#])
    func empty(body: String) throws {
        #expect(try ids(try items(body).page()) == [])
    }

    @Test("are refused where the page or the input is none")
    func faults() throws {
        let list = try items(#"{"input":"x"}"#)
        for limit in [0, -1, 101, Int.max, Int.min] {
            #expect(throws: ResponsesFault.noPage(parameter: "limit")) { try list.page(limit: limit) }
        }
        #expect(throws: ResponsesFault.noPage(parameter: "after")) { try list.page(after: "x") }
        #expect(throws: ResponsesFault.noInput) { try items(#"{"input":7}"#) }
        #expect(throws: ResponsesFault.unreadable(ThreadFixture.job(7))) { try items("nonsense") }
        #expect(ResponsesFault.noPage(parameter: "limit").message.contains("1 to 100"))
        #expect(ResponsesFault.noPage(parameter: "after").parameter == "after")
    }
}
