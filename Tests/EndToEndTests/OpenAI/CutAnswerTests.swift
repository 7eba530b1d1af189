import LoopbackProvider
import SluiceJSON
import Testing

@Suite("A whole answer that is cut", .timeLimit(.minutes(4)))
struct CutAnswerTests {
    private static let text =
        #"{"choices":[{"index":0,"message":{"role":"assistant","content":"Hé😀!"},"finish_reason":"stop"}],"#
        + #""usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21}}"#

    @Test("at any byte is an error, never 200 with half of it", arguments: CutCase.all)
    func everyByte(_ cut: CutCase) async throws {
        let middle = Self.text.index(Self.text.startIndex, offsetBy: 60)
        let answer = CutAnswer(
            [String(Self.text[..<middle]), String(Self.text[middle...])],
            framing: cut.framing,
            contentType: "application/json"
        )
        let stand = try await cut.stand(answer)
        try await cut.each(of: answer) { count in
            guard stand.gateway != nil else { return try await Self.prove(cut, count, of: answer, stand) }
            let seen = try await stand.chat("gpt-\(count)", isStream: false)
            let isAll = answer.bodyBytes(in: count) == answer.body.count
            let mustSucceed = count == answer.wire.count && cut.death == .close
            if mustSucceed || isAll && seen.head.status == 200 {
                #expect(seen.head.status == 200, "\(count)")
                #expect(String(decoding: seen.body, as: UTF8.self) == Self.text, "\(count)")
                return
            }
            #expect([502, 504].contains(seen.head.status), "\(count)")
            #expect(seen.isWhole, "\(count)")
            #expect(seen.error?[key: "message"]?.string?.isEmpty == false, "\(count)")
            let id = try #require(seen.head["x-sluice-job"], "\(count)")
            let record = try await stand.fate(of: id).record
            #expect(record[key: "status"]?.string == "dead", "\(count)")
            #expect(record[key: "result"]?.isNull ?? true, "\(count)")
            #expect(cut.classes.contains(record[key: "error"]?[key: "class"]?.string ?? ""), "\(count)")
        }
        // What may be paid for is not asked for again; an answer that seems whole and is none was asked for in vain.
        guard stand.gateway != nil else { return }
        #expect(stand.askedTwice.isEmpty || cut.looksWhole)
    }

    @Test("is an error when it is longer than it says")
    func tooShortALength() async throws {
        let head = Reply.head(200, [("Content-Type", "application/json"), ("Content-Length", "40")])
        let lie = Reply([.send(head + Array(Self.text.utf8)), .close])
        let stand = try await SDKStand([SDKStand.Row(name: "lie", models: "gpt-*")]) { _, _ in lie }
        _ = try stand.needGateway()
        let seen = try await stand.chat("gpt-lie", isStream: false)
        #expect(seen.head.status == 502)
        #expect(seen.error?[key: "message"]?.string?.isEmpty == false)
    }

    /// Without a gateway, half an answer comes with 200: the provider of these tests does what they say of it.
    private static func prove(_ cut: CutCase, _ count: Int, of answer: CutAnswer, _ stand: SDKStand) async throws {
        let seen = try await stand.chat("gpt-\(count)", isStream: false)
        #expect(seen.head.status == 200)
        #expect(seen.body == Array(answer.body.prefix(answer.bodyBytes(in: count))), "\(count)")
    }
}
