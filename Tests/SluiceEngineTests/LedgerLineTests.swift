import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// What stands in the ledger of each way in which an attempt can end.
@Suite("The line of an attempt", .timeLimit(.minutes(1)))
struct LedgerLineTests {
    private static let json = HeaderField("content-type", "application/json")
    private static let head = ReplayScript.Step.head(200, [HeaderField("content-type", "text/event-stream")])
    private static let text = #"data: {"choices":[{"index":0,"delta":{"content":"hi"}}]}"# + "\n\n"
    private static let usage =
        #"data: {"choices":[],"usage":{"prompt_tokens":30,"completion_tokens":20}}"# + "\n\n"

    /// The lines of a call that is answered by `script`, and how it ended.
    private static func lines(
        rows: [ProviderRow] = [Rig.row()],
        stream: Bool = true,
        _ script: @escaping @Sendable (OutgoingCall, Int) -> ReplayScript
    ) async throws -> [LedgerLine] {
        var lines: [LedgerLine] = []
        try await Rig(rows: rows, script: script).run { rig in
            let call = try await rig.open(stream: stream)
            _ = await call.end()
            lines = try await rig.store.lines(of: call.id)
        }
        return lines
    }

    @Test("has what the provider told, whose it is, and when the attempt began")
    func told() async throws {
        try await Rig { _, _ in Rig.answer }.run { rig in
            let job = try await rig.ended(try await rig.submit())
            let attempt = try #require(try await rig.store.attempts(job.id, owner: nil)?.first)
            let line = try #require(try await rig.store.lines(of: job.id).first)
            #expect(line.key == LedgerKey(job.facts, attempt.start))
            #expect(line.epoch == attempt.epoch)
            #expect(line.entry.basis == .told)
            #expect(line.entry.units == .exactly(["input": 3, "output": 1]))
            #expect(attempt.report?.entry == line.entry)
        }
    }

    @Test("of a whole answer without its usage says that it was seen, and not that it was for nothing")
    func withoutUsage() async throws {
        let lines = try await Self.lines(stream: false) { _, _ in
            .answer(#"{"choices":[{"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}"#)
        }
        #expect(lines.map(\.entry.basis) == [.seen])
        #expect(lines.first?.entry.cost.state != .priced)
    }

    @Test("of a stream that is cut says that it was seen")
    func cut() async throws {
        let reset = TransportError(.reset, requestSent: true, "reset")
        let lines = try await Self.lines { _, _ in ReplayScript([Self.head, .chunk(Self.text), .fail(reset)]) }
        #expect(lines.map(\.entry.basis) == [.seen])
    }

    @Test("of a stream that is cut behind its usage has the usage")
    func cutBehindUsage() async throws {
        let reset = TransportError(.reset, requestSent: true, "reset")
        let lines = try await Self.lines { _, _ in
            ReplayScript([Self.head, .chunk(Self.text), .chunk(Self.usage), .fail(reset)])
        }
        #expect(lines.map(\.entry.basis) == [.told])
        #expect(lines.first?.entry.units == .exactly(["input": 30, "output": 20]))
    }

    @Test("is there for a request that went out and was not heard of")
    func unheard() async throws {
        let reset = TransportError(.reset, requestSent: true, "reset")
        let lines = try await Self.lines { _, _ in ReplayScript([.fail(reset)]) }
        #expect(lines.map(\.entry.basis) == [.seen])
    }

    @Test(
        "is not there where nothing was sent, nor for an error before any answer",
        arguments: [400, 500, 0]
    )
    func free(status: Int) async throws {
        let refused = TransportError(.refused, requestSent: false, "refused")
        let lines = try await Self.lines { _, _ in
            status == 0 ? ReplayScript([.fail(refused)]) : Rig.refusal(status, code: "no")
        }
        #expect(lines.isEmpty)
    }

    @Test("stands under the row that answered, and a row that refused has none")
    func fallback() async throws {
        let rows = [Rig.row("first", priority: 0), Rig.row("second", priority: 1)]
        let lines = try await Self.lines(rows: rows, stream: false) { call, _ in
            call.url.contains("first") ? Rig.refusal(500) : Rig.answer
        }
        #expect(lines.map(\.key.provider) == ["second"])
        #expect(lines.map(\.epoch) == [2])
    }
}
