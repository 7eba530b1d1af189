import LoopbackProvider
import SluiceJSON
import Testing

@Suite("A stream that is cut", .timeLimit(.minutes(4)))
struct CutStreamTests {
    private static let chunks = [
        #"{"choices":[{"index":0,"delta":{"content":"Hé"},"finish_reason":null}]}"#,
        #"{"choices":[{"index":0,"delta":{"content":"😀!"},"finish_reason":null}]}"#,
        #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
    ]

    @Test("at any byte never says that it is complete, and its job is dead with all that came", arguments: CutCase.all)
    func everyByte(_ cut: CutCase) async throws {
        let answer = CutAnswer.sse(Self.chunks, framing: cut.framing)
        let (finishEnd, doneEnd) = (Self.end(of: Self.chunks[2], in: answer), Self.end(of: "[DONE]", in: answer))
        let stand = try await cut.stand(answer)
        try await cut.each(of: answer) { count in
            let seen = try await stand.chat("gpt-\(count)")
            let got = answer.bodyBytes(in: count)
            // Where the connection's end may be the answer's, the finish is the last that must be there.
            let mustFail = got < (cut.looksWhole ? finishEnd : doneEnd)
            let mustSucceed = count == answer.wire.count && cut.death != .reset
            if mustFail { #expect(!seen.isDone, "\(count)") }
            if mustSucceed { #expect(seen.isDone && seen.text == "Hé😀!", "\(count)") }
            guard stand.gateway != nil else { return }
            try await Self.judge(seen, of: stand, cut, count)
        }
        guard stand.gateway != nil else { return }
        #expect(stand.askedTwice.isEmpty)
    }

    /// What holds wherever it was cut.
    private static func judge(_ seen: StreamSeen, of stand: SDKStand, _ cut: CutCase, _ count: Int) async throws {
        let id = try #require(seen.head["x-sluice-job"], "\(count)")
        let (record, events) = try await stand.fate(of: id)
        // The caller was told what is stored.
        #expect(record[key: "status"]?.string == (seen.isDone ? "succeeded" : "dead"), "\(count)")
        #expect(events.events.last?.name == "end", "\(count)")
        #expect(events.text == seen.text, "\(count)")
        if seen.isDone {
            #expect(seen.head.status == 200 && seen.isWhole, "\(count)")
            return
        }
        #expect(!seen.looksWhole && !seen.wasReset, "\(count)")
        #expect(seen.error?[key: "message"]?.string?.isEmpty == false, "\(count)")
        #expect(seen.head.status == 200 || [502, 504].contains(seen.head.status), "\(count)")
        #expect(cut.classes.contains(record[key: "error"]?[key: "class"]?.string ?? ""), "\(count)")
        #expect("Hé😀!".hasPrefix(seen.text), "\(count)")
        #expect(record[key: "possiblyCharged"]?.boolean == true, "\(count)")
    }

    /// How many bytes of the body there are up to the end of `text`.
    private static func end(of text: String, in answer: CutAnswer) -> Int {
        let (body, bytes) = (answer.body, Array(text.utf8))
        return (body.indices.first { body[$0...].starts(with: bytes) } ?? body.count) + bytes.count
    }
}
