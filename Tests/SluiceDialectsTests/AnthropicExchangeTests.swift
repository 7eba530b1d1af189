import SluiceDialects
import SluiceProvider
import SluiceTypes
import Testing

@Suite("The reader of Anthropic's streams")
struct AnthropicExchangeTests {
    private let begin = #"{"type":"message_start","message":{"id":"m","model":"c"}}"#
    private let text = #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}"#
    private let finish = #"{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#
    private let stop = #"{"type":"message_stop"}"#

    private func play(_ pieces: [String], ends: Bool, status: Int = 200, finishesAtMark: Bool = false) -> [ReplyEvent] {
        var exchange = AnthropicExchange(stream: true, finishesAtMark: finishesAtMark)
        var events = exchange.begin(
            ResponseHead(status: status, headers: [HeaderField("Content-Type", "text/event-stream")])
        )
        for (place, piece) in pieces.enumerated() {
            events += exchange.feed(Array(piece.utf8), last: ends && place == pieces.count - 1)
        }
        return events
    }

    private func stream(_ data: String...) -> String { data.map { "data: \($0)\n\n" }.joined() }

    private func failure(_ events: [ReplyEvent]) -> ProviderError? {
        if case .error(let error)? = events.last { error } else { nil }
    }

    private var whole: [ReplyEvent] {
        [
            .start(upstreamID: "m", model: "c"),
            .upstream(name: "message_start", Array(begin.utf8), .preamble),
            .text("a"),
            .upstream(name: "content_block_delta", Array(text.utf8), .content),
            .upstream(name: "message_delta", Array(finish.utf8), .ending),
            .finish(reason: "stop", upstream: "end_turn"),
        ]
    }

    private var mark: ReplyEvent { .terminal(name: "message_stop", Array(stop.utf8)) }

    @Test(
        "takes the finish of a stream that ends cleanly without the mark or the last line end",
        arguments: [
            "", "event: message_st", "event: message_stop\ndata: {\"type\":\"mess", ": nearly\n\n", "data: [DO",
        ]
    )
    func cleanEnd(rest: String) {
        #expect(play([stream(begin, text, finish) + rest], ends: true) == whole)
    }

    @Test("takes the mark without its line end, and no finish without one where the transport broke off")
    func lineEnd() {
        let beginning = stream(begin, text)
        #expect(play([beginning + stream(finish) + "data: \(stop)"], ends: true) == whole + [mark])
        #expect(play([beginning + "data: \(finish)"], ends: true) == whole)
        #expect(play([beginning + "data: \(finish)"], ends: false) == whole.dropLast(2))
    }

    @Test("says nothing after the mark or an error")
    func over() {
        let answer = stream(begin, text, finish)
        #expect(play([answer + stream(stop, "[DONE]", text), stream(text)], ends: true) == whole + [mark])
        #expect(play([answer + stream("[DONE]", stop), stream(text)], ends: true) == whole + [mark])
        let error = stream(#"{"type":"error","error":{"type":"api_error","message":"m"}}"#)
        #expect(play([error + answer, error], ends: true).count == 1)
    }

    @Test("leaves a stream without a finish to the gateway, with a mark or without")
    func noFinish() {
        #expect(play([stream(begin, text)], ends: true) == whole.dropLast(2))
        #expect(play([stream(begin, text, stop)], ends: true) == whole.dropLast(2) + [mark])
        #expect(play([stream(stop)], ends: true) == [mark])
    }

    @Test("takes the mark behind content for a finish where the row says so")
    func markForFinish() {
        let expected = whole.dropLast(2) + [.finish(reason: "stop"), mark]
        #expect(play([stream(begin, text, stop)], ends: true, finishesAtMark: true) == Array(expected))
        #expect(play([stream(begin, stop)], ends: true, finishesAtMark: true).last == mark)
        #expect(!play([stream(begin, stop)], ends: true, finishesAtMark: true).contains(.finish(reason: "stop")))
        #expect(play([stream(begin, text, finish, stop)], ends: true, finishesAtMark: true) == whole + [mark])
    }

    @Test("tells of an error whether content came before, and gives its body and no status")
    func errors() throws {
        let data = #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#
        let early = try #require(failure(play([stream(begin) + "event: error\n" + stream(data)], ends: true)))
        #expect(!early.isAfterContent && early.errorClass == .overloaded && early.type == "overloaded_error")
        #expect(early.body == Array(data.utf8) && early.status == nil)
        let late = try #require(failure(play([stream(begin, text, data)], ends: true)))
        #expect(late.isAfterContent)
        #expect(try #require(failure(play([stream(begin, text) + "data: {\n\n"], ends: true))).isAfterContent)
        let thinking =
            #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#
        #expect(try #require(failure(play([stream(begin, thinking, data)], ends: true))).isAfterContent)
    }

    @Test("reads the name of an event where its data have no type, and else the type")
    func names() {
        let bare = #"{"delta":{"type":"text_delta","text":"a"}}"#
        let events = play(["event: content_block_delta\n" + stream(bare)], ends: false)
        #expect(events.contains(.text("a")))
        let odd = play(["event: ping\n" + stream(text)], ends: false)
        #expect(odd.contains(.text("a")) && odd.last == .upstream(name: "ping", Array(text.utf8), .content))
        let empty = play(["event:\n" + stream(text)], ends: false)
        #expect(empty.last == .upstream(name: "content_block_delta", Array(text.utf8), .content))
    }

    @Test("tells by the head alone what a refusal says whose body was cut")
    func breakOff() {
        var exchange = AnthropicExchange(stream: true)
        _ = exchange.begin(ResponseHead(status: 529, headers: []))
        _ = exchange.feed(Array(#"{"type":"err"#.utf8), last: false)
        guard case .error(let error)? = exchange.breakOff().first else {
            Issue.record("no error")
            return
        }
        #expect(error.errorClass == .overloaded && error.status == 529)
        #expect(exchange.breakOff().isEmpty)
        var answer = AnthropicExchange(stream: true)
        _ = answer.begin(ResponseHead(status: 200, headers: []))
        #expect(answer.breakOff().isEmpty)
    }
}
