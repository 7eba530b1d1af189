import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// Reasoning that callers send back, and that one account alone can read.
@Suite("Reasoning that is sent back", .timeLimit(.minutes(1)))
struct ForeignReasoningTests {
    private static func row(_ name: String) -> ProviderRow {
        Rig.row(name, adapter: Conversation.messages, formats: [.anthropicMessages])
    }

    private static let thought =
        #"{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn"}"#

    /// What a client sends that has had so many answers, each with the thinking of its account.
    private static func body(_ turns: Int, change: Int = .max) -> String {
        var messages = [#"{"role":"user","content":"hello"}"#]
        for turn in 0..<turns {
            let account = turn < change ? "old" : "new"
            messages.append(
                #"{"role":"assistant","content":[{"type":"thinking","thinking":"","signature":"\#(account) \#(turn)"},"#
                    + #"{"type":"text","text":"hi"}]}"#
            )
            messages.append(#"{"role":"user","content":"go on"}"#)
        }
        return #"{"model":"m","max_tokens":9,"messages":["# + messages.joined(separator: ",") + "]}"
    }

    private static func ask(_ body: String, _ rig: Rig) async throws -> (call: LiveCall, end: CallEnd?) {
        let job = rig.job(
            body,
            surface: .anthropic,
            format: .anthropicMessages,
            lane: .interactive,
            onUnknown: .deadLetter
        )
        let call = try await Conversation(rig: rig).open(job, session: 7)
        return (call, await call.end())
    }

    @Test("stays with its account over ten turns, and another one gets the conversation without it")
    func tenTurns() async throws {
        let rows = [Self.row("row0"), Self.row("row1")]
        try await Rig(rows: rows) { _, _ in .answer(Self.thought) }.run { rig in
            let conversation = Conversation(rig: rig)
            for turn in 0..<10 {
                let (call, end) = try await Self.ask(Self.body(turn), rig)
                guard case .succeeded = end else { throw Unexpected() }
                #expect(call.dropped == [])
            }
            #expect(conversation.sent == (0..<10).map { Self.body($0) })
            let asked = Set(conversation.asked)
            #expect(asked.count == 1)
            rig.engine.reload(Catalogue(rows: rows.filter { !asked.contains("\($0.name).test") }))
            let (call, end) = try await Self.ask(Self.body(10), rig)
            guard case .succeeded = end else { throw Unexpected() }
            #expect(call.dropped == ["thinking"])
            #expect(Set(conversation.asked).count == 2)
            #expect(conversation.sent.last?.contains("signature") == false)
            let record = try await conversation.record(call)
            #expect(record.dropped == ["thinking"])
            #expect(record.input?.body == Array(Self.body(10).utf8))
            // What the new account has written since stays.
            _ = try await Self.ask(Self.body(12, change: 10), rig)
            let last = try #require(conversation.sent.last)
            #expect(last.contains("new 10") && last.contains("new 11"))
            #expect(!last.contains("old "))
        }
    }

    @Test("and that the provider can't verify is left out in another try, and from then on")
    func unverified() async throws {
        let refusal =
            #"{"type":"error","error":{"type":"invalid_request_error","#
            + #""message":"messages.1.content.0: Invalid `signature` in `thinking` block"}}"#
        try await Rig(rows: [Self.row("row0")]) { _, number in
            number == 1 ? .answer(status: 400, refusal) : .answer(Self.thought)
        }.run { rig in
            let conversation = Conversation(rig: rig)
            let (call, end) = try await Self.ask(Self.body(2), rig)
            guard case .succeeded = end else { throw Unexpected() }
            #expect(call.dropped == ["thinking"])
            let record = try await conversation.record(call)
            #expect(record.failures == 0)
            let attempts = try #require(try await rig.store.attempts(call.id, owner: nil))
            #expect(attempts.map(\.outcome) == [.failed, .ok])
            #expect(attempts.map(\.report?.dropped) == [[], ["thinking"]])
            _ = try await Self.ask(Self.body(3, change: 2), rig)
            #expect(conversation.sent.count == 3)
            let last = try #require(conversation.sent.last)
            #expect(last.contains("new 2") && !last.contains("old "))
        }
    }

    @Test("is refused once where there is none to leave out")
    func nothingToCut() async throws {
        let refusal =
            #"{"type":"error","error":{"type":"invalid_request_error","message":"Invalid `signature` in `thinking` block"}}"#
        try await Rig(rows: [Self.row("row0")]) { _, _ in .answer(status: 400, refusal) }.run { rig in
            let (_, end) = try await Self.ask(Self.body(0), rig)
            guard case .failed(let failure) = end else { throw Unexpected() }
            #expect(failure.errorClass == .invalidRequest)
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test("of OpenAI's Responses is left out when its provider can't verify it")
    func encrypted() async throws {
        let input =
            #"[{"role":"user","content":"hello"},{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"x"},"#
            + #"{"role":"assistant","content":"hi"},{"role":"user","content":"go on"}]"#
        try await Rig(rows: [Conversation.row()]) { _, number in
            number == 1
                ? Conversation.refusal("invalid_encrypted_content", "The encrypted content could not be verified.")
                : Conversation.answer(number)
        }.run { rig in
            let conversation = Conversation(rig: rig)
            let record = try await conversation.turn(input)
            #expect(conversation.sent.map { $0.contains("encrypted_content") } == [true, false])
            #expect(record.dropped == ["reasoning"])
            #expect(record.failures == 0)
        }
    }

    @Test("in a thread that is told is left out as well")
    func encryptedInThread() async throws {
        try await Rig(rows: [Conversation.row(policy: StatePolicy())]) { _, number in
            number == 2
                ? Conversation.refusal("invalid_encrypted_content", "The encrypted content could not be verified.")
                : Conversation.answer(number)
        }.run { rig in
            let conversation = Conversation(rig: rig)
            let first = try await conversation.turn(#""one""#)
            let second = try await conversation.turn(#""two""#, after: first)
            #expect(conversation.sent.map { $0.contains("secret 1") } == [false, true, false])
            #expect(second.dropped == ["reasoning"])
            #expect(second.lastAttempt?.report?.rebuiltTurns == 1)
        }
    }
}
