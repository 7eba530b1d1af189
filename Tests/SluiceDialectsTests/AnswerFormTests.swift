import SluiceProvider
import SluiceTypes
import Testing

@testable import SluiceDialects

@Suite("What an answer is")
struct AnswerFormTests {
    @Test(
        "is told by its first bytes, whatever it calls itself",
        arguments: [
            ("data: {}", AnswerForm.stream), ("data:{}", .stream), ("event: x", .stream), ("id: 1", .stream),
            ("retry: 1", .stream),
            (": note", .stream), (":", .stream), ("\n\r\n data: x", .stream), ("\u{FEFF}data: x", .stream),
            ("{\"data\":1}", .object), ("[1]", .object), ("<html>", .object), ("\"data:\"", .object),
            ("\u{FEFF}{}", .object),
        ]
    )
    func told(text: String, expected: AnswerForm) {
        #expect(AnswerForm.of(Array(text.utf8), isDeclared: false) == expected)
        #expect(AnswerForm.of(Array(text.utf8), isDeclared: true) == expected)
    }

    @Test("is what it calls itself where nothing speaks against it", arguments: ["database", "x: 1", "1"])
    func declared(text: String) {
        #expect(AnswerForm.of(Array(text.utf8), isDeclared: true) == .stream)
        #expect(AnswerForm.of(Array(text.utf8), isDeclared: false) == .object)
    }

    @Test(
        "is not told too early",
        arguments: ["", " ", "\n\n", "d", "dat", "even", "ret", "i", "\u{FEFF}", "\u{FEFF}da"]
    )
    func early(text: String) {
        #expect(AnswerForm.of(Array(text.utf8), isDeclared: true) == nil)
        #expect(AnswerForm.of(Array("\u{FEFF}".utf8.prefix(2)), isDeclared: false) == nil)
    }

    // MARK: Answers of another form than was asked for

    private static let chunks = [
        #"{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}"#,
        #"{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Put \ud83d"},"finish_reason":""}]}"#,
        #"{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"\ude00 together","reasoning_content":"Hm"},"logprobs":{"content":[{"token":"a","logprob":-Infinity}]},"finish_reason":null}]}"#,
        #"{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"logprobs":{"content":[{"token":"b","logprob":0.50}]},"finish_reason":"stop"}]}"#,
        #"{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2.0}}"#,
    ]

    private static func play(
        _ text: String,
        stream: Bool = false,
        type: String = "text/event-stream",
        operation: SluiceTypes.Operation = .chat,
        chopped size: Int? = nil,
        finishesAtMark: Bool = false,
        ends: Bool = true
    ) -> [ReplyEvent] {
        var exchange = OpenAIExchange(operation: operation, stream: stream, finishesAtMark: finishesAtMark)
        var events = exchange.begin(ResponseHead(status: 200, headers: [HeaderField("Content-Type", type)]))
        var rest = Array(text.utf8)[...]
        while let size, rest.count > size {
            events += exchange.feed(Array(rest.prefix(size)), last: false)
            rest = rest.dropFirst(size)
        }
        return events + exchange.feed(Array(rest), last: ends)
    }

    private static func object(_ events: [ReplyEvent]) -> String? {
        for case .upstream(_, let bytes, _) in events { return String(decoding: bytes, as: UTF8.self) }
        return nil
    }

    private static func text(_ events: [ReplyEvent]) -> String {
        events.map { if case .text(let piece) = $0 { piece } else { "" } }.joined()
    }

    private static func reason(_ events: [ReplyEvent]) -> String? {
        for case .finish(let reason, _) in events { return reason }
        return nil
    }

    private static func error(_ events: [ReplyEvent]) -> ErrorClass? {
        for case .error(let error) in events { return error.errorClass }
        return nil
    }

    @Test(
        "a stream that nobody asked for is put together",
        arguments: ["text/event-stream", "application/json"],
        [1, 7, nil]
    )
    func puttingTogether(type: String, size: Int?) throws {
        for end in ["data: [DONE]\n\n", ""] {
            let text = Self.chunks.map { "data: \($0)\n\n" }.joined() + end
            let events = Self.play(text, type: type, chopped: size)
            #expect(events.count { if case .upstream = $0 { true } else { false } } == 1)
            let expected =
                #"{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Put \ud83d\ude00 together","reasoning_content":"Hm"},"logprobs":{"content":[{"token":"a","logprob":-Infinity},{"token":"b","logprob":0.50}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2.0}}"#
            #expect(Self.object(events) == expected)
            #expect(Self.text(events) == "Put 😀 together")
            #expect(Self.reason(events) == "stop")
            #expect(Self.error(events) == nil)
            // Before what ends the answer, or it would be thrown away.
            let place = events.firstIndex { if case .upstream = $0 { true } else { false } }
            #expect(
                try #require(place) < events.firstIndex(of: .terminal(name: nil, Array("[DONE]".utf8)))
                    ?? events.endIndex
            )
        }
    }

    @Test("calls of tools are put together by their numbers, or else by their ids")
    func tools() {
        func chunk(_ calls: String) -> String {
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[\(calls)]}}]}\n\n"
        }
        let text =
            chunk(#"{"index":1,"id":"b","type":"function","function":{"name":"two","arguments":"{\"y"}}"#)
            + chunk(#"{"index":0,"id":"a","type":"function","function":{"name":"one","arguments":""}}"#)
            + chunk(#"{"index":0,"id":"a","type":"function","function":{"name":"one","arguments":"{}"}}"#)
            + chunk(#"{"index":1,"function":{"arguments":"\":1}"}}"#)
            + chunk(#"{"index":1,"id":"c","function":{"name":"three","arguments":"{}"}}"#)
            + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n"
        let expected =
            #"{"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"b","type":"function","function":{"name":"two","arguments":"{\"y\":1}"}},{"id":"a","type":"function","function":{"name":"one","arguments":"{}"}},{"id":"c","function":{"name":"three","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}"#
        #expect(Self.object(Self.play(text)) == expected)
    }

    @Test("several choices, and completions, are put together each by itself")
    func choices() {
        let text = (0..<3).flatMap { part in
            [1, 0].map {
                #"data: {"object":"text_completion","choices":[{"index":\#($0),"text":"\#(part)\#($0) ","finish_reason":"\#(part == 2 ? "length" : "")"}]}"#
            }
        }.joined(separator: "\n\n")
        let expected =
            #"{"object":"text_completion","choices":[{"index":0,"text":"00 10 20 ","finish_reason":"length"},{"index":1,"text":"01 11 21 ","finish_reason":"length"}]}"#
        #expect(Self.object(Self.play(text, operation: .completion)) == expected)
    }

    @Test("a content that changes from text to parts, or back, loses nothing")
    func parts() {
        let contents = [#""a""#, #"[{"type":"thinking","thinking":"t"}]"#, #""b""#]
        let text =
            contents.map { "data: {\"choices\":[{\"delta\":{\"content\":\($0)}}]}\n\n" }.joined()
            + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
        let expected =
            #"{"choices":[{"index":0,"message":{"role":"assistant","content":[{"type":"text","text":"a"},{"type":"thinking","thinking":"t"},{"type":"text","text":"b"}]},"finish_reason":"stop"}]}"#
        #expect(Self.object(Self.play(text)) == expected)
    }

    @Test("a stream that was cut is not put together")
    func cut() {
        let events = Self.play(Self.chunks.prefix(3).map { "data: \($0)\n\n" }.joined() + "data: [DONE]\n\n")
        #expect(Self.object(events) == nil && Self.reason(events) == nil)
    }

    @Test(
        "one object answers a stream, whatever it calls itself",
        arguments: ["text/event-stream", "application/json", ""]
    )
    func object(type: String) {
        let answer =
            #"{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}"#
        for mark in ["", "\u{FEFF}", "\n "] {
            let events = Self.play(mark + answer, stream: true, type: type)
            #expect(Self.object(events)?.contains(#""delta":{"role":"assistant","content":"hi"}"#) == true)
            #expect(Self.reason(events) == "stop")
        }
    }

    @Test(
        "a page, nothing, and a sentence are none",
        arguments: ["<html></html>", "", " \n", "Sign in, please"],
        [false, true]
    )
    func malformed(text: String, stream: Bool) {
        #expect(Self.error(Self.play(text, stream: stream, type: "text/html")) == .malformedResponse)
    }

    // MARK: Reasons

    @Test("an empty reason is none", arguments: [SluiceTypes.Operation.chat, .completion])
    func emptyReason(operation: SluiceTypes.Operation) {
        let content = operation == .chat ? #""delta":{"content":"a"},"message":{"content":"a"}"# : #""text":"a""#
        let answer = "{\"choices\":[{\"index\":0,\(content),\"finish_reason\":\"\"}]}"
        #expect(
            Self.reason(Self.play("data: \(answer)\n\ndata: [DONE]\n\n", stream: true, operation: operation)) == nil
        )
        // One whole object is complete by its syntax.
        #expect(Self.reason(Self.play(answer, operation: operation)) == "stop")
        // Unless the provider never gives one.
        let marked = Self.play(
            "data: \(answer)\n\ndata: [DONE]\n\n",
            stream: true,
            operation: operation,
            finishesAtMark: true
        )
        #expect(Self.reason(marked) == "stop")
        // A cut stream has no mark.
        #expect(
            Self.reason(Self.play("data: \(answer)\n\n", stream: true, operation: operation, finishesAtMark: true))
                == nil
        )
    }

    @Test("the mark behind no content is no finish")
    func emptyMark() {
        let role = #"data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#
        #expect(Self.reason(Self.play("\(role)\n\ndata: [DONE]\n\n", stream: true, finishesAtMark: true)) == nil)
    }

    @Test("a pair of surrogates that was cut is one character, and half a pair that stays alone is U+FFFD")
    func surrogates() {
        func chunk(_ content: String, index: Int = 0, finish: String = "null") -> String {
            "data: {\"choices\":[{\"index\":\(index),\"delta\":{\"content\":\"\(content)\"},\"finish_reason\":\(finish)}]}\n\n"
        }
        let cases: [([String], String)] = [
            ([#"a\ud83d"#, #"\ude00b"#], "a😀b"), ([#"\ud83d"#, "", #"\ude00"#], "😀"),
            ([#"\ud83d"#, "b"], "\u{FFFD}b"), ([#"\ude00b"#], "\u{FFFD}b"), ([#"a\ud83d"#], "a\u{FFFD}"),
            ([#"\ud83d"#, #"\ud83d"#, #"\ude00"#], "\u{FFFD}😀"),
        ]
        for (pieces, expected) in cases {
            let text = pieces.map { chunk($0) }.joined() + chunk("", finish: "\"stop\"")
            let events = Self.play(text, stream: true)
            #expect(Self.text(events) == expected)
            #expect(Self.reason(events) == "stop")
        }
    }

    @Test(
        "what was used is booked however it is spelt",
        arguments: ["12", "12.0", "\"12\"", "1.2e1", "11.5"]
    )
    func usage(count: String) {
        let text = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":\(count),\"completion_tokens\":null}}\n\n"
        let counts = Self.play(text, stream: true).compactMap {
            if case .usage(let usage) = $0 { usage.units } else { nil }
        }
        #expect(counts == [["input": 12, "output": 0]])
    }

    @Test("what can't be a count is none", arguments: ["-1", "\"x\"", "NaN", "Infinity", "1e30", "{}", "null"])
    func noUsage(count: String) {
        let text = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":\(count),\"completion_tokens\":1}}\n\n"
        #expect(!Self.play(text, stream: true).contains { if case .usage = $0 { true } else { false } })
    }

    // MARK: Content

    @Test(
        "content is what says more than whose it is",
        arguments: [
            (#"{"choices":[{"delta":{"role":"assistant"}}]}"#, ReplyStage.preamble),
            (
                #"{"choices":[{"delta":{"role":"assistant","content":"","tool_calls":[ ],"x":{ },"y":null}}]}"#,
                .preamble
            ),
            (#"{"choices":[]}"#, .preamble), (#"{"choices":[],"prompt_filter_results":[{}]}"#, .preamble),
            (#"{"choices":[],"usage":null}"#, .preamble), (#"{"type":"ping"}"#, .preamble),
            (#"{"choices":[],"usage":{"prompt_tokens":1}}"#, .content), (#"{"news":1}"#, .content),
            (#"{"choices":[{"delta":{"reasoning_content":"Hm"}}]}"#, .content),
            (#"{"choices":[{"delta":{"news":0}}]}"#, .content), (#"{"choices":[{"delta":{"news":false}}]}"#, .content),
            (#"{"choices":[{"delta":{"tool_calls":[{"index":0}]}}]}"#, .content),
            (#"{"choices":[{"delta":{"content":"\ud83d"}}]}"#, .content),
            (#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#, .ending),
        ]
    )
    func stages(chunk: String, expected: ReplyStage) {
        let events = Self.play("data: \(chunk)\n\n", stream: true, ends: false)
        #expect(events.compactMap { if case .upstream(_, _, let stage) = $0 { stage } else { nil } } == [expected])
    }
}
