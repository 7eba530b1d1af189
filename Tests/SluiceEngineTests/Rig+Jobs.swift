import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

extension Rig {
    func submit(
        _ body: String = #"{"type":"chat","model":"m","prompt":"hello"}"#,
        of owner: OwnerID = Rig.owner,
        model: String = "m",
        onUnknown: OnUnknown = .retry,
        runAt: Duration = .zero,
        deadline: Duration? = nil
    ) async throws -> JobID {
        let job = job(body, of: owner, model: model, onUnknown: onUnknown, runAt: runAt, deadline: deadline)
        guard case .created(let id) = try await engine.submit(job) else { throw Unexpected() }
        return id
    }

    /// The job once it has ended.
    func ended(_ id: JobID, of owner: OwnerID = Rig.owner) async throws -> JobRecord {
        let job = try await engine.wait(for: id, owner: owner, atMost: .seconds(1_000_000))
        return try #require(job)
    }

    /// The job's attempts once `condition` holds; the suite's time limit bounds it.
    func attempts(_ id: JobID, until condition: ([AttemptRecord]) -> Bool) async throws -> [AttemptRecord] {
        while true {
            let attempts = try await store.attempts(id, owner: nil) ?? []
            if condition(attempts) { return attempts }
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    static let answer = ReplayScript.answer(
        #"{"id":"up-1","choices":[{"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"#
            + #""usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}"#
    )

    static func refusal(_ status: Int, code: String? = nil, headers: [HeaderField] = []) -> ReplayScript {
        let code = code.map { "\"\($0)\"" } ?? "null"
        return .answer(
            status: status,
            headers: [HeaderField("content-type", "application/json")] + headers,
            #"{"error":{"message":"no","type":"t","param":null,"code":"# + code + "}}"
        )
    }
}

struct Unexpected: Error {}
