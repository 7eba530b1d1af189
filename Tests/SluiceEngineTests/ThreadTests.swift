import SluiceDialects
import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Synchronization
import Testing

/// Requests that take up an earlier answer by naming it.
@Suite("A thread", .timeLimit(.minutes(1)))
struct ThreadTests {
    @Test("goes on where the account keeps the answer, which is named by its provider's name")
    func passedOn() async throws {
        try await Rig(rows: [Conversation.row()]) { _, number in Conversation.answer(number) }.run { rig in
            let thread = Conversation(rig: rig)
            let first = try await thread.turn(#""one""#)
            let second = try await thread.turn(#""two""#, after: first)
            #expect(thread.sent.last == #"{"model":"m","previous_response_id":"resp_up_1","input":"two"}"#)
            #expect(second.input.map { String(decoding: $0.body, as: UTF8.self) }?.contains("resp_\(first.id)") == true)
            #expect(second.lastAttempt?.report?.rebuiltTurns == nil)
        }
    }

    @Test("is told whole to another account, without what that one can't read, and what is stored stays as it came")
    func rebuilt() async throws {
        try await Rig(rows: [Conversation.row()]) { _, number in
            number == 1 ? Conversation.stream(number) : Conversation.answer(number)
        }.run { rig in
            let thread = Conversation(rig: rig)
            let first = try await thread.turn(#""one""#, stream: true)
            rig.engine.reload(Catalogue(rows: [Conversation.row("row1")]))
            let call = try await thread.open(thread.job(#""two""#, after: first))
            guard case .succeeded = await call.end() else { throw Unexpected() }
            #expect(
                thread.sent.last
                    == #"{"model":"m","input":[{"type":"message","role":"user","content":"one"},"#
                    + #"{"type":"message","role":"assistant","#
                    + #""content":[{"type":"output_text","text":"answer 1","annotations":[]}]},"#
                    + #"{"type":"message","role":"user","content":"two"}]}"#
            )
            #expect(call.dropped == ["reasoning"])
            #expect(call.row == "row1")
            let second = try await thread.record(call)
            #expect(second.dropped == ["reasoning"])
            #expect(second.lastAttempt?.report?.rebuiltTurns == 1)
            #expect(second.input?.body == thread.job(#""two""#, after: first).input.body)
        }
    }

    @Test(
        "is told where one of its own items is referred to, so that no reference goes up; one to another's is refused",
        arguments: [("msg_1", true), ("msg_9", false)]
    )
    func references(_ item: String, _ isKnown: Bool) async throws {
        try await Rig(rows: [Conversation.row()]) { _, number in Conversation.answer(number) }.run { rig in
            let thread = Conversation(rig: rig)
            let first = try await thread.turn(#""one""#)
            let input = #"[{"type":"item_reference","id":"\#(item)"},{"role":"user","content":"two"}]"#
            let call = try await thread.open(thread.job(input, after: first))
            switch await call.end() {
            case .succeeded: #expect(isKnown)
            case .failed(let failure):
                #expect(!isKnown && failure.errorClass == .invalidRequest)
                #expect(failure.message.contains(item), "\(failure.message)")
            default: Issue.record("it has no end")
            }
            #expect(thread.sent.count == (isKnown ? 2 : 1))
            #expect(thread.sent.allSatisfy { !$0.contains("item_reference") })
            let second = try await thread.record(call)
            #expect(second.lastAttempt?.report?.rebuiltTurns == (isKnown ? 1 : nil))
        }
    }

    @Test(
        "that the provider will not go on from is told whole within the same try, and so is the next one at once",
        arguments: [
            ("previous_response_not_found", "Previous response with id 'resp_up_1' not found."),
            ("x", "Previous response cannot be used for this organization due to Zero Data Retention."),
        ]
    )
    func refused(_ code: String, _ message: String) async throws {
        try await Rig(rows: [Conversation.row()]) { _, number in
            number == 2 ? Conversation.refusal(code, message) : Conversation.answer(number)
        }.run { rig in
            let thread = Conversation(rig: rig)
            let first = try await thread.turn(#""one""#)
            let second = try await thread.turn(#""two""#, after: first)
            #expect(thread.sent.map { $0.contains("previous_response_id") } == [false, true, false])
            #expect(thread.sent.last?.contains("secret 1") == true)
            let attempts = try #require(try await rig.store.attempts(second.id, owner: nil))
            #expect(attempts.map(\.outcome) == [.failed, .ok])
            #expect(attempts.map(\.report?.rebuiltTurns) == [nil, 1])
            #expect(second.failures == 0)
            _ = try await thread.turn(#""three""#, after: second)
            #expect(thread.sent.count == 4)
            #expect(thread.sent.last?.contains("previous_response_id") == false)
        }
    }

    @Test("that is refused once more, told whole, is answered with that refusal")
    func refusedTwice() async throws {
        try await Rig(rows: [Conversation.row()]) { _, number in
            number == 1 ? Conversation.answer(1) : Conversation.refusal("previous_response_not_found", "call \(number)")
        }.run { rig in
            let thread = Conversation(rig: rig)
            let first = try await thread.turn(#""one""#)
            let call = try await thread.open(thread.job(#""two""#, after: first))
            guard case .failed(let failure) = await call.end() else { throw Unexpected() }
            #expect(failure.message.contains("call 3"))
            #expect(thread.sent.count == 3)
        }
    }

    @Test(
        "is told whole where the row keeps nothing, for whatever reason",
        arguments: [StatePolicy(), StatePolicy(keepsResponses: 29, store: false)]
    )
    func keepsNothing(_ policy: StatePolicy) async throws {
        try await Rig(rows: [Conversation.row(policy: policy)]) { _, number in Conversation.answer(number) }.run {
            rig in
            let thread = Conversation(rig: rig)
            let first = try await thread.turn(#""one""#)
            let second = try await thread.turn(#""two""#, after: first)
            #expect(thread.sent.last?.contains("previous_response_id") == false)
            #expect(thread.sent.last?.contains("secret 1") == true)
            #expect(second.dropped == [])
        }
    }

    @Test("of 200 turns is told, and of one more is not", arguments: [200, 201])
    func limit(_ turns: Int) async throws {
        let rig = Rig(rows: [Conversation.row(policy: StatePolicy())]) { _, number in Conversation.answer(number) }
        try await rig.run { rig in
            let thread = Conversation(rig: rig)
            var last: JobRecord?
            for number in 1...turns { last = try await thread.store(number, after: last) }
            let call = try await thread.open(thread.job(#""now""#, after: last))
            if turns == 200 {
                guard case .succeeded = await call.end() else { throw Unexpected() }
                #expect(try await thread.record(call).lastAttempt?.report?.rebuiltTurns == 200)
            } else {
                guard case .failed(let failure) = await call.end() else { throw Unexpected() }
                #expect(failure.errorClass == .invalidRequest)
                #expect(failure.parameter == "previous_response_id")
                #expect(failure.message.contains("more than 200 turns"))
                #expect(thread.sent.isEmpty)
            }
        }
    }

    @Test("of any length goes on where the account keeps the answer")
    func longPassedOn() async throws {
        try await Rig(rows: [Conversation.row()]) { _, number in Conversation.answer(number) }.run { rig in
            let thread = Conversation(rig: rig)
            var last = try await thread.turn(#""one""#)
            let account = last.lastAttempt?.start.account
            for number in 2...220 { last = try await thread.store(number, after: last, account: account) }
            _ = try await thread.turn(#""now""#, after: last)
            #expect(thread.sent.last?.contains(#""previous_response_id":"resp_old_220""#) == true)
        }
    }

    @Test("that would make the request too long is not told")
    func tooLong() async throws {
        let settings = EngineSettings(backoff: .zero, requestLimit: 200)
        try await Rig(rows: [Conversation.row(policy: StatePolicy())], settings: settings) { _, number in
            Conversation.answer(number)
        }.run { rig in
            let thread = Conversation(rig: rig)
            let first = try await thread.store(1, after: nil)
            let call = try await thread.open(thread.job(#""now""#, after: first))
            guard case .failed(let failure) = await call.end() else { throw Unexpected() }
            #expect(failure.errorClass == .invalidRequest)
            #expect(failure.message.contains("longer than 200 bytes"))
            #expect(rig.engine.memory.count == 0)
        }
    }

    @Test("of which a turn is deleted meanwhile ends with that")
    func deleted() async throws {
        try await Rig(rows: [Conversation.row()]) { _, number in
            let refusal = Conversation.refusal("previous_response_not_found")
            return number < 3 ? Conversation.answer(number) : refusal.held
        }.run { rig in
            let thread = Conversation(rig: rig)
            let first = try await thread.turn(#""one""#)
            let second = try await thread.turn(#""two""#, after: first)
            let call = try await thread.open(thread.job(#""three""#, after: second))
            try await rig.transport.waitForCalls(3)
            _ = try await rig.engine.deleteBodies(first.id, owner: Rig.owner, upstream: [])
            rig.transport.release(3)
            guard case .failed(let failure) = await call.end() else { throw Unexpected() }
            #expect(failure.errorClass == .previousGone)
            #expect(failure.code == "previous_response_not_found")
            #expect(thread.sent.count == 3)
        }
    }

    @Test(
        "goes to another account in the place of the named model only where the row may be sent it",
        arguments: [false, true]
    )
    func history(_ receives: Bool) async throws {
        let rows = [
            Conversation.row(),
            Conversation.row("row1", models: ["f"], policy: StatePolicy(receivesHistory: receives ? true : nil)),
        ]
        try await Rig(rows: rows) { call, number in
            number == 2 ? .answer(status: 500, #"{"error":{"message":"no"}}"#) : Conversation.answer(number)
        }.run { rig in
            let thread = Conversation(rig: rig)
            let first = try await thread.turn(#""one""#)
            let call = try await thread.open(thread.job(#""two""#, after: first, fallbacks: ["f"]))
            let end = await call.end()
            if receives {
                guard case .succeeded = end else { throw Unexpected() }
                #expect(thread.asked == ["row0.test", "row0.test", "row1.test"])
            } else {
                guard case .failed(let failure) = end else { throw Unexpected() }
                #expect(failure.errorClass == .server)
                #expect(thread.asked == ["row0.test", "row0.test"])
            }
        }
    }

    @Test("behind an alias stays with its account, and nobody else is told of it")
    func alias() async throws {
        let rows = [Conversation.row(), Conversation.row("row1", models: ["n"])]
        let aliases = [ModelAlias(name: "a", targets: [.init("m"), .init("n", priority: 1)])]
        try await Rig(rows: rows, aliases: aliases) { _, number in Conversation.answer(number) }.run { rig in
            let thread = Conversation(rig: rig)
            let first = try await thread.store(1, after: nil, model: "a")
            let call = try await thread.open(thread.job(#""two""#, after: first, model: "a"))
            guard case .failed(let failure) = await call.end() else { throw Unexpected() }
            #expect(failure.errorClass == .invalidRequest)
            #expect(failure.message.contains("receivesHistory"))
            #expect(thread.sent.isEmpty)
            #expect(try await thread.record(call).failures == 0)
        }
    }

    @Test("that is told is put together elsewhere than on the loop of the connection that waits for it")
    func elsewhere() async throws {
        let (loop, adapter) = (Loop(), Watched())
        try await Rig(rows: [Conversation.row(adapter: adapter, policy: StatePolicy())]) { _, number in
            Conversation.answer(number)
        }.run { rig in
            let thread = Conversation(rig: rig)
            let first = try await thread.store(1, after: nil)
            for job in [thread.job(#""one""#), thread.job(#""two""#, after: first)] {
                let call = try await thread.open(job, on: loop)
                guard case .succeeded = await call.end() else { throw Unexpected() }
            }
            #expect(adapter.wasOnLoop.withLock { $0 } == [true, true, false, false])
        }
    }

    @Test("of queued jobs stays with the account that answered")
    func queued() async throws {
        let rows = (0..<3).map { Conversation.row("row\($0)") }
        try await Rig(rows: rows) { _, number in Conversation.answer(number) }.run { rig in
            let thread = Conversation(rig: rig)
            var last = try await thread.turn(#""one""#)
            for number in 2...9 {
                let job = thread.job(#""turn \#(number)""#, after: last, entry: .queue)
                #expect(try await rig.engine.submit(job) == .created(job.id))
                last = try await rig.ended(job.id)
                #expect(last.state == .succeeded)
            }
            #expect(Set(thread.asked).count == 1)
            #expect(thread.sent.dropFirst().allSatisfy { $0.contains("previous_response_id") })
        }
    }
}

/// The adapter for Responses, which notes whether it works on a connection's loop.
private final class Watched: Adapter {
    let wasOnLoop = Mutex<[Bool]>([])

    private func note() {
        wasOnLoop.withLock { $0.append(Loop.isCurrent) }
    }

    func translate(_ request: CallerRequest) throws(AdapterFault) -> TranslatedRequest {
        note()
        return try Conversation.responses.translate(request)
    }

    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared {
        note()
        return try Conversation.responses.prepare(ask)
    }

    func reading(for ask: Ask) -> Reading { Conversation.responses.reading(for: ask) }
}

extension Conversation {
    /// A turn that was answered with some account, another one unless given, stored without a call.
    fileprivate func store(
        _ number: Int,
        after previous: JobRecord?,
        model: String = "m",
        account: String? = "another"
    ) async throws -> JobRecord {
        let job = job(#""question \#(number)""#, after: previous, model: model)
        let start = AttemptStart(
            row: "gone",
            credential: nil,
            account: account,
            model: "m",
            configHash: "hash",
            startedAt: job.createdAt
        )
        guard case .started(let claim) = try await rig.store.submitRunning(job, start: start, boot: .generate()) else {
            throw Unexpected()
        }
        let success = Success(
            report: AttemptReport(endedAt: job.createdAt, upstreamID: "resp_old_\(number)"),
            output: AttemptOutput(log: [], text: "", complete: true),
            body: Array(Conversation.object(number).utf8),
            finish: "stop"
        )
        guard case .settled = await rig.store.succeed(claim, success),
            let record = try await rig.store.job(job.id, owner: nil)
        else { throw Unexpected() }
        return record
    }
}
