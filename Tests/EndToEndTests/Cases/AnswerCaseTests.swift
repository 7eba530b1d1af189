import Foundation
import LoopbackProvider
import SluiceJSON
import Testing

/// Answers on which gateways were seen to fail: each as its provider sent it, and what must become of it.
@Suite(.timeLimit(.minutes(3))) struct AnswerCaseTests {
    private static func chunk(_ delta: String, finish: String = "null", _ more: String = "") -> String {
        #"data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]\#(more)}"#
            + "\n\n"
    }

    private static let role = chunk(#"{"role":"assistant","content":""}"#)
    private static let done = "data: [DONE]\n\n"
    private static let stop = chunk("{}", finish: #""stop""#)
    private static let whole = chunk(#"{"content":"Whole"}"#) + stop

    /// A body that ends with its connection, as the cases have it.
    private static func open(
        _ type: String,
        _ body: String,
        status: Int = 200,
        then steps: [Reply.Step] = [.close]
    ) -> Reply {
        Reply([.send(Reply.head(status, [("Content-Type", type)]) + Array(body.utf8))] + steps)
    }

    private static func stream(_ body: String, then steps: [Reply.Step] = [.close]) -> Reply {
        open("text/event-stream", body, then: steps)
    }

    @Test(arguments: [false, true])
    func anEmptyReasonIsNone(hasMark: Bool) async throws {
        let cut = Self.chunk(#"{"role":"assistant","content":"Half an "}"#, finish: #""""#) + (hasMark ? Self.done : "")
        let stand = try await CaseStand { _ in Self.stream(cut) }
        let answer = try await stand.call(CaseStand.shared, stream: true)
        #expect(answer.events.last?.hasPrefix(#"{"error":"#) == true && !answer.text.contains("[DONE]"))
        let record = try await stand.record(of: answer)
        #expect(record[key: "status"]?.string == "dead" && record[key: "possiblyCharged"]?.boolean == true)
        #expect(stand.calls == [1, 0])
        // Where the provider never gives one, the mark is the finish; a cut stream has none.
        let marked = try await stand.call(CaseStand.marked, stream: true)
        #expect((marked.events.last == "[DONE]") == hasMark)
        let state = try await stand.record(of: marked)[key: "status"]?.string
        #expect(state == (hasMark ? "succeeded" : "dead"))
    }

    @Test func emptyReasonsBeforeTheLastAreNone() async throws {
        let text =
            Self.chunk(#"{"content":"Whole "}"#, finish: #""""#) + Self.chunk(#"{"content":"now"}"#, finish: #""""#)
        let stand = try await CaseStand { _ in Self.stream(text + Self.stop + Self.done) }
        let answer = try await stand.call(CaseStand.alone, stream: true)
        #expect(try answer.said == "Whole now" && answer.events.last == "[DONE]")
        let record = try await stand.record(of: answer)
        #expect(record[key: "finishReason"]?.string == "stop")
    }

    @Test(arguments: [true, false])
    func aStreamIsWholeAtItsMarkThoughItsSocketStaysOpen(isStream: Bool) async throws {
        let stand = try await CaseStand { _ in Self.stream(Self.whole + Self.done, then: [.stall]) }
        let answer = try await stand.call(CaseStand.alone, stream: isStream)
        #expect(answer.status == 200 && answer.text.contains("Whole"))
        let rows = try Command(["provider", "list", "--json", "--data", stand.gateway.home.data])
        #expect(await rows.ended() == 0)
        let row = try Document(Array(rows.output.text.utf8)).root[key: "rows"]?.elements.first
        #expect(row?[key: "running"]?.integer == 0)
        // Nobody goes on reading it for long.
        await stand.first.closed(connection: 0)
    }

    @Test func aStreamThatEndsInTimeGivesItsConnectionBack() async throws {
        let stand = try await CaseStand { _ in .chatStream(["Whole"]) }
        for _ in 1...3 { #expect(try await stand.call(CaseStand.alone, stream: true).events.last == "[DONE]") }
        #expect(Set(stand.first.requests.map(\.connection)) == [0])
    }

    @Test(arguments: [true, false])
    func heartbeatsAreNoEvents(isStream: Bool) async throws {
        let beats = (0..<400).flatMap { _ in [Reply.Step.pause(100), .send(Array(": hb\n\n".utf8))] }
        let stand = try await CaseStand { _ in Self.stream(Self.whole, then: beats) }
        let answer = try await stand.call(CaseStand.alone, stream: isStream)
        #expect(answer.status == 200 && answer.text.contains("Whole"))
        #expect(try await stand.record(of: answer)[key: "status"]?.string == "succeeded")
        #expect(stand.calls == [1, 0])
    }

    @Test func aStreamIsOneWhateverItCallsItself() async throws {
        let stand = try await CaseStand { _ in Self.open("application/json; charset=utf-8", Self.whole + Self.done) }
        let answer = try await stand.call(CaseStand.alone, stream: true)
        #expect(try answer.said == "Whole" && answer.events.last == "[DONE]")
    }

    @Test func aStreamThatNobodyAskedForIsOneObject() async throws {
        let usage = #"{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}"#
        let text =
            Self.chunk(#"{"content":"Put \ud83d"}"#) + Self.chunk(#"{"content":"\ude00 together"}"#) + Self.stop
            + #"data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":\#(usage)}"#
            + "\n\n"
        let stand = try await CaseStand { _ in Self.stream(text + Self.done) }
        let answer = try await stand.call(CaseStand.shared, stream: false)
        #expect(
            answer.text == #"{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"#
                + #""message":{"role":"assistant","content":"Put \ud83d\ude00 together"},"finish_reason":"stop"}],"usage":\#(usage)}"#
        )
        #expect(stand.calls == [1, 0])
        let record = try await stand.record(of: answer)
        #expect(record[key: "usage"]?[key: "totalTokens"]?.integer == 5)
        // And of the queue.
        let id = try await stand.gateway.prompt(model: CaseStand.alone, token: stand.token)
        #expect(try await stand.gateway.end(of: id, token: stand.token)[key: "response"]?.string == "Put 😀 together")
    }

    @Test(arguments: ["plain", "stream", "error"])
    func whatIsCompressedIsDecoded(kind: String) async throws {
        let plain = #"{"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}"#
        let refusal = #"{"error":{"message":"Too long for me","code":"context_length_exceeded"}}"#
        let text = ["plain": plain, "stream": Self.whole + Self.done, "error": refusal][kind] ?? ""
        let body = try await Self.gzip(text)
        let type = kind == "stream" ? "text/event-stream" : "application/json"
        let stand = try await CaseStand { _ in
            .response(
                kind == "error" ? 400 : 200,
                headers: [("Content-Type", type), ("Content-Encoding", "gzip")],
                body: body
            )
        }
        let answer = try await stand.call(CaseStand.shared, stream: kind == "stream")
        switch kind {
        case "plain": #expect(answer.text == plain)
        case "stream": #expect(try answer.said == "Whole" && answer.events.last == "[DONE]")
        default:
            #expect(answer.status == 400)
            let error = try answer.json()[key: "error"]
            #expect(error?[key: "message"]?.string == "Too long for me")
        }
        #expect(answer["Content-Encoding"] == nil)
        #expect(stand.calls == [1, 0])
        #expect(stand.first.requests[0]["Accept-Encoding"] == nil)
    }

    private static func gzip(_ text: String) async throws -> [UInt8] {
        let packed = try await Command.shell(#"printf %s "$1" | gzip -c | base64 -w0"#, text)
        return Array(try #require(Data(base64Encoded: packed.output)))
    }

    @Test func anErrorBehindWhoseAnswerItIsGoesToTheNextRow() async throws {
        let error = #"data: {"error":{"message":"overloaded","code":503}}"# + "\n\n"
        let stand = try await CaseStand { _ in Self.stream(Self.role + error) }
        let answer = try await stand.call(CaseStand.shared, stream: true)
        #expect(try answer.said == "Good" && answer.events.last == "[DONE]")
        #expect(answer.events.count { $0.contains(#""role":"assistant""#) } == 1)
        #expect(stand.calls == [1, 1])
        // With nobody else it has a status.
        let alone = try await stand.call(CaseStand.alone, stream: true)
        #expect(alone.status == 503 && alone.events.isEmpty)
    }

    @Test func aThoughtComesAtOnceAndWhoseItIsWithIt() async throws {
        let (thought, content) = (Gate(), Gate())
        let pieces = [Self.role, Self.chunk(#"{"reasoning_content":"Hm"}"#), Self.whole + Self.done]
        let stand = try await CaseStand { _ in .chunked(pieces, gates: [1: thought, 2: content]) }
        let body = SDKStand.chat(CaseStand.alone)
        let (port, token) = (stand.gateway.port, stand.token)
        let call = Task {
            try await Blocking.run {
                let call = try OpenAICall(body, port: port, token: token)
                let first = try call.read { Self.text($0).contains("Hm") }
                content.open()
                return (Self.text(first), Self.text(try call.readAll()))
            }
        }
        _ = await stand.first.requests(atLeast: 1)
        thought.open()
        let (first, whole) = try await call.value
        #expect(first.contains("assistant") && !first.contains("Whole"))
        #expect(whole.contains("Whole") && whole.contains("[DONE]"))
    }

    private static func text(_ seen: StreamSeen) -> String { String(decoding: seen.body, as: UTF8.self) }

    @Test func aUsageOfNothingIsNotForWhoDidNotAsk() async throws {
        let empty =
            #"data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":null}"#
            + "\n\n"
        let stand = try await CaseStand { _ in
            Self.stream(Self.chunk(#"{"content":"Hi"}"#) + empty + Self.stop + Self.done)
        }
        let answer = try await stand.call(CaseStand.alone, stream: true)
        #expect(answer.events.count == 3 && !answer.text.contains("usage"))
        let asked = try await stand.call(CaseStand.alone, stream: true, #","stream_options":{"include_usage":true}"#)
        #expect(asked.events.count == 4)
    }

    @Test(arguments: [false, true])
    func aPageIsNoAnswerAndIsAskedForOnce(isStream: Bool) async throws {
        let page = "<html><body>Sign in</body></html>"
        let stand = try await CaseStand { _ in .response(headers: [("Content-Type", "text/html")], text: page) }
        let answer = try await stand.call(CaseStand.shared, stream: isStream)
        #expect(answer.status == 502 && answer["x-should-retry"] == "false")
        #expect(answer["x-sluice-possibly-charged"] == "true")
        #expect(try answer.json()[key: "error"]?[key: "message"]?.string?.contains("an HTML page") == true)
        #expect(stand.calls == [1, 0])
        // A job of the queue is asked for once more, as its onUnknown says, or not.
        for (policy, calls) in [("once", 2), ("deadLetter", 1)] {
            let before = stand.calls[0]
            let id = try await stand.gateway.prompt(
                model: CaseStand.alone,
                token: stand.token,
                #","onUnknown":"\#(policy)""#
            )
            let record = try await stand.gateway.end(of: id, token: stand.token)
            #expect(record[key: "possiblyCharged"]?.boolean == true)
            #expect(stand.calls[0] - before == calls, "\(policy)")
        }
    }

    @Test(arguments: [
        (
            "application/json",
            #"{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted","type":"extra_forbidden"}]}"#,
            "Extra inputs are not permitted (body.stream_options)"
        ),
        ("application/json", #"{"errors":[{"message":"No such thing"}]}"#, "No such thing"),
        ("text/plain", "No such thing\n", "No such thing"),
    ])
    func theReasonOfARefusalIsTold(type: String, body: String, expected: String) async throws {
        let stand = try await CaseStand { _ in .response(422, headers: [("Content-Type", type)], text: body) }
        for isStream in [false, true] {
            let answer = try await stand.call(CaseStand.shared, stream: isStream)
            #expect(answer.status == 422)
            #expect(try answer.json()[key: "error"]?[key: "message"]?.string == expected)
        }
    }

    @Test func aWrongPathIsTheOperatorsAndNotTheModels() async throws {
        let page = "<!DOCTYPE html><title>404 Not Found</title>"
        let stand = try await CaseStand { _ in .response(404, headers: [("Content-Type", "text/html")], text: page) }
        #expect(try await stand.call(CaseStand.shared, stream: false).text.contains("Good"))
        let alone = try await stand.call(CaseStand.alone, stream: false)
        #expect(alone.status == 502 && alone["x-should-retry"] == "false")
        #expect(try alone.json()[key: "error"]?[key: "code"]?.string == "upstream_misconfigured")
        #expect(alone.text.contains("Row first") && !alone.text.contains(String(stand.first.port)))
        let id = try await stand.gateway.prompt(model: CaseStand.alone, token: stand.token)
        let record = try await stand.gateway.end(of: id, token: stand.token)
        #expect(
            record[key: "status"]?.string == "dead" && record[key: "error"]?[key: "class"]?.string == "misconfigured"
        )
        let list = try Command(["provider", "list", "--data", stand.gateway.home.data])
        #expect(await list.ended() == 0)
        #expect(list.output.text.contains("misconfigured: \(stand.first.url)/v1/chat/completions answered with 404"))
        #expect(stand.gateway.log.components(separatedBy: "not the provider's API").count == 2)
    }

    @Test func providerTestSaysWhenARowNeedsTheMark() async throws {
        let plain = #"{"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}"#
        let stand = try await CaseStand { isStream in
            isStream ? Self.stream(Self.chunk(#"{"content":"Hi"}"#) + Self.done) : .response(text: plain)
        }
        func test(_ row: String) async throws -> (Int32, String) {
            let command = try Command(
                ["provider", "test", row, "--providers", stand.gateway.home.providers],
                environment: ["LOOPBACK_KEY": UpstreamTests.key]
            )
            return (await command.ended(), command.output.text)
        }
        let (status, text) = try await test("first")
        #expect(status == 1 && text.contains(#""finish": "mark""#), "\(text)")
        let (marked, words) = try await test("marked")
        #expect(marked == 0 && words.contains("it streams"), "\(words)")
    }
}
