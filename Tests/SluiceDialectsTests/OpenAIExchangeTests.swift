import SluiceDialects
import SluiceProvider
import SluiceTypes
import Testing

@Suite("The reader of OpenAI's streams")
struct OpenAIExchangeTests {
    private func play(_ pieces: [String], ends: Bool) -> [ReplyEvent] {
        var exchange = OpenAIExchange(operation: .chat, stream: true)
        var events = exchange.begin(
            ResponseHead(status: 200, headers: [HeaderField("Content-Type", "text/event-stream")])
        )
        for (place, piece) in pieces.enumerated() {
            events += exchange.feed(Array(piece.utf8), last: ends && place == pieces.count - 1)
        }
        return events
    }

    private let mark = ReplyEvent.terminal(name: nil, Array("[DONE]".utf8))
    private let finish = #"{"id":"c","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"#

    @Test("takes the finish of a stream that ends cleanly without the mark or the last line end")
    func cleanEnd() {
        let expected: [ReplyEvent] = [
            .start(upstreamID: "c", model: nil), .text("a"), .upstream(name: nil, Array(finish.utf8), .ending),
            .finish(reason: "stop"),
        ]
        for end in ["", "\n", "\n\n", "\n\ndata: [DO", "\n\ndata: {\"usage\":"] {
            #expect(play(["data: \(finish)\(end)"], ends: true) == expected, "\(end)")
        }
        #expect(play(["data: \(finish)"], ends: false) == [])
    }

    @Test("says nothing after the mark or an error")
    func over() {
        let after = "data: \(finish)\n\n"
        #expect(play(["data: \(finish)\n\ndata: [DONE]\n\n\(after)"], ends: true).last == mark)
        #expect(play(["data: {\"error\":{\"message\":\"m\"}}\n\n\(after)"], ends: true).count == 1)
        #expect(play(["data: nonsense\n\n", after], ends: true).count == 1)
    }

    @Test("leaves a stream without a finish to the gateway")
    func noFinish() {
        let chunk = #"{"id":"c","choices":[{"index":0,"delta":{"content":"a"}}]}"#
        let events = play(["data: \(chunk)\n\n"], ends: true)
        let upstream = ReplyEvent.upstream(name: nil, Array(chunk.utf8), .content)
        #expect(events == [.start(upstreamID: "c", model: nil), .text("a"), upstream])
    }

    @Test(
        "calls a chunk that is no object, and a stream without a chunk, malformed",
        arguments: ["data: 1\n\n", ": a\n\n", ""]
    )
    func malformed(text: String) {
        guard case .error(let error)? = play([text], ends: true).first else {
            Issue.record("no error for \(text)")
            return
        }
        #expect(error.errorClass == .malformedResponse)
    }

    @Test("tells a repeated usage and a repeated finish once")
    func once() {
        let chunk =
            #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#
        let events = play(["data: \(chunk)\n\ndata: \(chunk)\n\n"], ends: true)
        #expect(events.count { $0 == .finish(reason: "stop") } == 1)
        let counts = events.compactMap { event in if case .usage(let usage) = event { usage.units } else { nil } }
        #expect(counts == [["input": 1, "output": 2]])
    }

    @Test("passes over the events by which a connection is kept alive")
    func keepAlive() {
        let text = ": a\n\ndata:\n\ndata:  \n\nevent: ping\ndata:\n\ndata: \(finish)\n\ndata: \n\ndata: [DONE]\n\n"
        #expect(play([text], ends: false) == play(["data: \(finish)\n\ndata: [DONE]\n\n"], ends: false))
    }

    @Test(
        "takes no reason of a provider that broke off for an end",
        arguments: [("error", ErrorClass.server), ("abort", .server), ("insufficient_system_resource", .overloaded)]
    )
    func brokenOff(reason: String, expected: ErrorClass) {
        let text = "data: \(finish.replacing("stop", with: reason))\n\ndata: [DONE]\n\n"
        guard case .error(let error)? = play([text], ends: true).last else {
            Issue.record("no error for \(reason)")
            return
        }
        #expect(error.errorClass == expected && error.code == reason)
    }
}
