import SluiceDialects
import SluiceProvider
import SluiceTypes
import Testing

@Suite("What an answer says of its price")
struct UsagePartsTests {
    /// The usage that a whole answer of Messages comes to.
    private func messages(_ counts: String) throws -> Usage {
        var exchange = AnthropicExchange(stream: false, finishesAtMark: false)
        let head = ResponseHead(status: 200, headers: [HeaderField("Content-Type", "application/json")])
        let body = #"""
            {"id":"m","type":"message","role":"assistant","model":"c","content":[{"type":"text","text":"hi"}],
             "stop_reason":"end_turn","usage":\#(counts)}
            """#
        return try #require(usage(of: exchange.begin(head) + exchange.feed(Array(body.utf8), last: true)))
    }

    private func usage(of events: [ReplyEvent]) -> Usage? {
        events.lazy.compactMap { if case .usage(let usage) = $0 { usage } else { nil } }.last
    }

    @Test("is the tier, the place and the speed in which Messages were answered")
    func terms() throws {
        let usage = try messages(
            #"{"input_tokens":5,"output_tokens":7,"service_tier":"batch","inference_geo":"us","speed":"fast"}"#
        )
        #expect(usage.terms == ["service_tier": "batch", "inference_geo": "us", "speed": "fast"])
        #expect(usage.parts.isEmpty)
        #expect(try messages(#"{"input_tokens":5,"output_tokens":7,"service_tier":null}"#).terms.isEmpty)
    }

    @Test(
        "are the runs of which it is made, whose sum is what was used: a compaction is not in the numbers beside them"
    )
    func iterations() throws {
        let usage = try messages(
            #"""
            {"input_tokens":100,"output_tokens":10,"server_tool_use":{"web_search_requests":2},"iterations":[
             {"type":"compaction","input_tokens":9000,"output_tokens":500,"cache_read_input_tokens":1000},
             {"type":"message","input_tokens":100,"output_tokens":10},
             {"type":"advisor_message","model":"other","input_tokens":30,"output_tokens":3}]}
            """#
        )
        #expect(
            usage.parts == [
                UsagePart(units: ["input": 10_000, "input.cacheRead": 1000, "output": 500]),
                UsagePart(units: ["input": 100, "output": 10, "searches.web": 2]),
                UsagePart(model: "other", units: ["input": 30, "output": 3]),
            ]
        )
        #expect(usage.units == ["input": 10_130, "input.cacheRead": 1000, "output": 513, "searches.web": 2])
    }

    @Test("lose nothing of the numbers beside them that they leave out, and count nothing of them twice")
    func rest() throws {
        let usage = try messages(
            #"""
            {"input_tokens":3,"cache_read_input_tokens":4000,"output_tokens":15,"iterations":[
             {"type":"compaction","input_tokens":900,"output_tokens":50},{"type":"message","input_tokens":3,"output_tokens":15}]}
            """#
        )
        #expect(usage.parts.last?.units == ["input": 4003, "input.cacheRead": 4000, "output": 15])
        #expect(usage.units == ["input": 4903, "input.cacheRead": 4000, "output": 65])
        let alone = try messages(
            #"{"input_tokens":3,"output_tokens":15,"iterations":[{"type":"compaction","input_tokens":900,"output_tokens":50}]}"#
        )
        #expect(alone.parts.map(\.units) == [["input": 900, "output": 50], ["input": 3, "output": 15]])
    }

    @Test("are each priced by its own length, so that two runs of the answer's own are two parts, and one is none")
    func ownRuns() throws {
        let usage = try messages(
            #"""
            {"input_tokens":30,"cache_read_input_tokens":7,"output_tokens":15,"iterations":[
             {"type":"message","input_tokens":10,"output_tokens":5},{"type":"message","input_tokens":20,"output_tokens":10}]}
            """#
        )
        #expect(
            usage.parts.map(\.units) == [
                ["input": 17, "input.cacheRead": 7, "output": 5], ["input": 20, "output": 10],
            ]
        )
        #expect(usage.units == ["input": 37, "input.cacheRead": 7, "output": 15])
        let one = try messages(
            #"{"input_tokens":30,"output_tokens":15,"iterations":[{"type":"message","input_tokens":30,"output_tokens":15}]}"#
        )
        #expect(one.parts.isEmpty)
    }

    @Test(
        "is nothing where the runs are no runs",
        arguments: ["3", "[]", "[4]", #"[{"type":"message"}]"#, #"{"a":1}"#]
    )
    func noIterations(text: String) throws {
        let usage = try messages(#"{"input_tokens":5,"output_tokens":7,"iterations":"# + text + "}")
        #expect(usage.parts.isEmpty)
        #expect(usage.units == ["input": 5, "output": 7])
    }

    @Test("is the tier in which a chat was answered")
    func tiers() throws {
        let json = ResponseHead(status: 200, headers: [HeaderField("Content-Type", "application/json")])
        var chat = OpenAIExchange(operation: .chat, stream: false)
        let whole = #"""
            {"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],
             "service_tier":"flex","usage":{"prompt_tokens":3,"completion_tokens":1}}
            """#
        let told = usage(of: chat.begin(json) + chat.feed(Array(whole.utf8), last: true))
        #expect(told?.terms == ["service_tier": "flex"])
    }
}
