import SluiceDialects
import SluiceProvider
import SluiceTypes
import Testing

@Suite("The reader of responses")
struct ResponsesExchangeTests {
    private func play(_ text: String, stream: Bool = true, ends: Bool, status: Int = 200) -> [ReplyEvent] {
        var exchange = ResponsesExchange(stream: stream)
        let head = ResponseHead(status: status, headers: [HeaderField("Content-Type", "text/event-stream")])
        return exchange.begin(head) + exchange.feed(Array(text.utf8), last: ends)
    }

    private func event(_ type: String, _ members: String = "") -> String {
        "event: \(type)\ndata: {\"type\":\"\(type)\"\(members)}\n\n"
    }

    private var created: String { event("response.created", #","response":{"id":"r","status":"in_progress"}"#) }
    private var delta: String { event("response.output_text.delta", #","delta":"Hi""#) }
    private var completed: String {
        event("response.completed", #","response":{"id":"r","status":"completed","output":[]}"#)
    }

    @Test(
        "tells the event that ends a response once, as the end of the stream, and never a second time as a part of it"
    )
    func terminal() {
        let events = play(created + delta + completed, ends: false)
        let data = #"{"type":"response.completed","response":{"id":"r","status":"completed","output":[]}}"#
        #expect(
            events == [
                .start(upstreamID: "r", model: nil),
                .upstream(
                    name: "response.created",
                    Array(#"{"type":"response.created","response":{"id":"r","status":"in_progress"}}"#.utf8),
                    .preamble
                ),
                .text("Hi"),
                .upstream(
                    name: "response.output_text.delta",
                    Array(#"{"type":"response.output_text.delta","delta":"Hi"}"#.utf8),
                    .content
                ),
                .finish(reason: "stop"),
                .terminal(name: "response.completed", Array(data.utf8)),
            ]
        )
    }

    @Test(
        "passes over what follows the end",
        arguments: [
            "data: [DONE]\n\n", ": bye\n\n", "event: keepalive\ndata: {\"type\":\"keepalive\"}\n\n",
            "data: nonsense\n\n",
        ]
    )
    func behindTheEnd(rest: String) {
        let whole = play(created + delta + completed, ends: true)
        #expect(play(created + delta + completed + rest, ends: true) == whole)
        #expect(play(created + delta + completed + rest, ends: false) == whole)
    }

    @Test("takes no clean end for an end, wherever it comes before the event that ends a response")
    func cleanEnd() {
        let whole =
            created + delta + event("response.output_item.done", #","output_index":0,"item":{"type":"message"}"#)
        let text = Array((whole + completed).utf8)
        let lastSignificant = text.count - 2
        for cut in 0...lastSignificant {
            for ends in [true, false] {
                let events = play(String(decoding: text[..<cut], as: UTF8.self), ends: ends)
                let isFinished = events.contains { if case .finish = $0 { true } else { false } }
                #expect(isFinished == (ends && cut == lastSignificant), "cut at \(cut)")
            }
        }
    }

    @Test("tells an error once, and last, and whether something of the answer came before it")
    func errors() {
        let failed = event(
            "response.failed",
            #","response":{"id":"r","status":"failed","error":{"code":"server_error","message":"No."}}"#
        )
        let error = event("error", #","code":"server_error","message":"No.""#)
        for (before, isAfterContent) in [("", false), (created, false), (created + delta, true)] {
            for first in [failed, error] {
                let events = play(before + first + failed + error + completed, ends: true)
                let errors = events.compactMap { if case .error(let error) = $0 { error } else { nil } }
                #expect(errors.count == 1)
                #expect(errors.first?.isAfterContent == isAfterContent)
                #expect(errors.first?.errorClass == .server)
                #expect(errors.first.map { String(decoding: $0.body, as: UTF8.self).contains("No.") } == true)
                guard case .error? = events.last else {
                    Issue.record("an error is not the last event")
                    return
                }
            }
        }
    }

    @Test("takes the name of an event for no kind of error")
    func typeOfError() {
        for (members, type) in [(#""message":"No.""#, nil), (#""error":{"message":"No.","type":"t"}"#, "t")] {
            guard case .error(let error)? = play(event("error", "," + members), ends: true).last else {
                Issue.record("no error")
                return
            }
            #expect(error.type == type && error.message == "No.")
        }
    }

    @Test("says of a plain answer that failed whether there was something of it")
    func plainErrors() {
        for (output, isAfterContent) in [("", false), (#"{"type":"message"}"#, true)] {
            let text = #"{"status":"failed","error":{"code":"server_error","message":"No."},"output":[\#(output)]}"#
            guard case .error(let error)? = play(text, stream: false, ends: true).last else {
                Issue.record("no error")
                return
            }
            #expect(error.isAfterContent == isAfterContent)
        }
    }

    @Test("says of a refusal that broke off what its status tells")
    func brokenOff() {
        var exchange = ResponsesExchange(stream: true)
        _ = exchange.begin(ResponseHead(status: 429, headers: []))
        _ = exchange.feed(Array("{\"error\":".utf8), last: false)
        guard case .error(let error)? = exchange.breakOff().first else {
            Issue.record("no error")
            return
        }
        #expect(error.errorClass == .rateLimit && error.status == 429)
        #expect(exchange.breakOff().isEmpty)
        var begun = ResponsesExchange(stream: true)
        _ = begun.begin(ResponseHead(status: 200, headers: []))
        #expect(begun.breakOff().isEmpty)
    }

    @Test("goes back to no earlier stage")
    func stages() {
        let text = created + delta + created + event("keepalive") + event("response.in_progress") + completed
        let stages = play(text, ends: true).compactMap(\.stage)
        #expect(stages == stages.sorted())
        #expect(stages.first == .preamble && stages.last == .ending)
    }

    @Test(
        "takes a provider without compactions for one that refuses them, also where its refusal breaks off",
        arguments: [404, 405, 501]
    )
    func noCompactions(status: Int) {
        for isWhole in [true, false] {
            var exchange = ResponsesExchange(stream: false, isCompaction: true)
            _ = exchange.begin(ResponseHead(status: status, headers: []))
            let fed = exchange.feed(Array("404 page".utf8), last: isWhole)
            guard case .error(let error)? = (fed + exchange.breakOff()).first else {
                Issue.record("no error: \(fed)")
                continue
            }
            #expect(error.errorClass == .invalidRequest && error.code == "unsupported")
        }
    }
}
