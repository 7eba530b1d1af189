import SluiceDialects
import SluiceJSON
import SluiceProvider
import SluiceTypes
import Testing

@Suite("A stream of several choices")
struct OpenAIChoicesTests {
    private func exchange(_ operation: Operation, _ members: String) throws -> OpenAIExchange {
        let body = try Document(Array("{\"model\":\"m\"\(members)}".utf8))
        let ask = Ask(operation: operation, stream: true, attempt: 1, model: "m", body: body)
        return OpenAIDialect.exchange(for: ask)
    }

    private func play(_ exchange: OpenAIExchange, _ text: some Sequence<UInt8>, ends: Bool) -> [ReplyEvent] {
        var exchange = exchange
        let head = ResponseHead(status: 200, headers: [HeaderField("Content-Type", "text/event-stream")])
        return exchange.begin(head) + exchange.feed(Array(text), last: ends)
    }

    private func chunk(_ index: Int, _ text: String, finish: String? = nil) -> String {
        let reason = finish.map { "\"\($0)\"" } ?? "null"
        return
            "data: {\"choices\":[{\"index\":\(index),\"delta\":{\"content\":\"\(text)\"},\"finish_reason\":\(reason)}]}\n\n"
    }

    private func isSuccess(_ events: [ReplyEvent], ends: Bool) -> Bool {
        let hasFinish = events.contains { if case .finish = $0 { true } else { false } }
        let hasError = events.contains { if case .error = $0 { true } else { false } }
        return hasFinish && !hasError && (ends || events.contains(.terminal(name: nil, Array("[DONE]".utf8))))
    }

    @Test(
        "is finished with the last that was asked for, and not before",
        arguments: [
            (Operation.chat, "", 1),
            (.chat, #","n":1"#, 1),
            (.chat, #","n":3"#, 3),
            (.chat, #","n":null"#, 1),
            (.chat, #","n":-4"#, 1),
            (.chat, #","n":"3""#, 1),
            (.chat, #","prompt":["a","b"]"#, 1),
            (.completion, #","prompt":"a""#, 1),
            (.completion, #","prompt":["a","b"]"#, 2),
            (.completion, #","prompt":["a","b"],"n":2"#, 4),
            (.completion, #","prompt":[1,2,3]"#, 1),
            (.completion, #","prompt":[[1,2],[3]]"#, 2),
            (.completion, #","prompt":[]"#, 1),
        ]
    )
    func wanted(operation: Operation, members: String, count: Int) throws {
        for finished in 1...5 {
            let text = (0..<finished).map { chunk($0, "a", finish: "stop") }.joined()
            let events = play(try exchange(operation, members), text.utf8, ends: true)
            #expect(isSuccess(events, ends: true) == (finished >= count), "\(finished) of \(count)")
        }
    }

    @Test("asked for without measure waits for the mark")
    func absurd() throws {
        let text = chunk(0, "a", finish: "stop")
        for members in [#","n":9223372036854775807"#, #","n":9223372036854775807,"prompt":["a","b"]"#] {
            for operation in [Operation.chat, .completion] {
                let exchange = try exchange(operation, members)
                #expect(!isSuccess(play(exchange, text.utf8, ends: true), ends: true))
                #expect(isSuccess(play(exchange, "\(text)data: [DONE]\n\n".utf8, ends: false), ends: false))
            }
        }
    }

    @Test("cut at any byte is a success only where every choice was whole")
    func cuts() throws {
        let parts = [
            chunk(1, "ü"), chunk(0, "a"), chunk(0, "", finish: "stop"), chunk(1, "b"), chunk(1, "", finish: "length"),
        ]
        let whole = Array(parts.joined().utf8)
        let exchange = try exchange(.chat, #","n":2"#)
        // The last line end and the empty line behind it say nothing that the object has not said.
        for cut in 0...whole.count {
            let events = play(exchange, whole[..<cut], ends: true)
            #expect(isSuccess(events, ends: true) == (cut >= whole.count - 2), "cut after byte \(cut)")
            #expect(!isSuccess(play(exchange, whole[..<cut], ends: false), ends: false))
        }
        let events = play(exchange, whole, ends: true)
        #expect(events.last == .finish(reason: "stop"))
        #expect(events.count { if case .upstream = $0 { true } else { false } } == parts.count)
        #expect(events.contains(.text("a")) && !events.contains(.text("b")))
    }

    @Test("with one that never ends is no success, whatever the mark says")
    func unfinished() throws {
        let text = chunk(0, "a", finish: "stop") + chunk(1, "b") + "data: [DONE]\n\n"
        for members in ["", #","n":2"#, #","n":3"#] {
            let events = play(try exchange(.chat, members), text.utf8, ends: true)
            #expect(events.contains(.terminal(name: nil, Array("[DONE]".utf8))))
            #expect(isSuccess(events, ends: true) == members.isEmpty, "\(members)")
        }
    }

    @Test("is not opened anew by a chunk behind the finish")
    func late() throws {
        let text = chunk(0, "a", finish: "stop") + chunk(0, "") + chunk(1, "b", finish: "stop") + chunk(1, "")
        #expect(isSuccess(play(try exchange(.chat, #","n":2"#), text.utf8, ends: true), ends: true))
    }
}
