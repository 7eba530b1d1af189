import Logging
import ServiceLifecycle
import SluiceDialects
import SluiceEngine
import SluiceJSON
import SluiceProvider
import SluiceStore
import SluiceTesting
import SluiceTypes
import Synchronization
import Testing

/// An engine over the memory store, a scripted provider and a clock that is moved by hand.
struct Rig: Sendable {
    static let owner = OwnerID(rawValue: "own")

    let store: MemoryStore
    let clock: ManualClock
    let transport: ReplayTransport
    let wall: Wall
    let engine: Engine

    init(
        rows: [ProviderRow] = [Rig.row()],
        settings: EngineSettings = EngineSettings(backoff: .zero),
        store: MemoryStore = MemoryStore(),
        clock: ManualClock = ManualClock(),
        wall: Wall = Wall(),
        script: @escaping @Sendable (OutgoingCall, Int) -> ReplayScript
    ) {
        self.store = store
        self.clock = clock
        self.wall = wall
        transport = ReplayTransport(script: script)
        engine = Engine(
            store: store,
            transport: transport,
            catalogue: Catalogue(rows: rows),
            settings: settings,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            time: EngineTime(now: { wall.time(clock) }, clock: clock)
        )
    }

    /// Runs the engine around `body`, and stops it as SIGTERM would.
    func run(_ body: (Rig) async throws -> Void) async throws {
        let group = ServiceGroup(services: [engine], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let running = Task { try await group.run() }
        do {
            await engine.whenReady()
            try await body(self)
        } catch {
            running.cancel()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
    }

    static func row(
        _ name: String = "up",
        models: [String] = ["m"],
        credentials: [Credential] = [Credential(slot: "env:KEY", secret: Secret("top-secret-key"))],
        priority: Int = 0,
        concurrency: Int = 64,
        unavailable: String? = nil
    ) -> ProviderRow {
        ProviderRow(
            name: name,
            adapterID: "openai-chat",
            adapter: OpenAIAdapter(
                Manifest(id: "openai-chat", operations: [.chat: "/chat/completions"], formats: [.openAIChat])
            ),
            operations: [.chat],
            models: models.map { ModelPattern($0) },
            endpoint: Endpoint(baseURL: "http://127.0.0.1:9/\(name)"),
            credentials: credentials,
            priority: priority,
            concurrency: concurrency,
            unavailable: unavailable,
            configuration: Array("{\"name\":\"\(name)\"}".utf8),
            configurationHash: "hash-\(name)"
        )
    }

    func submit(
        _ body: String = #"{"type":"chat","model":"m","prompt":"hello"}"#,
        model: String = "m",
        onUnknown: OnUnknown = .retry,
        runAt: Duration = .zero,
        deadline: Duration? = nil
    ) async throws -> JobID {
        let now = wall.time(clock)
        let job = NewJob(
            .asked(by: Rig.owner, .chat, model: model),
            id: .generate(at: now),
            terms: JobTerms(surface: .prompt, format: .prompt, lane: .bulk, onUnknown: onUnknown),
            createdAt: now,
            runAt: now.adding(runAt),
            deadlineAt: deadline.map { now.adding($0) },
            fingerprint: Array(repeating: 1, count: 32),
            input: JobInput(body: Array(body.utf8))
        )
        guard case .created(let id) = try await engine.submit(job) else { throw Unexpected() }
        return id
    }

    /// Moves the clock once the dispatcher and the sweeper sleep by it, so that both notice.
    func advance(by duration: Duration) async throws {
        try await clock.waitForSleepers(2)
        clock.advance(by: duration)
    }

    /// The job once it has ended.
    func ended(_ id: JobID) async throws -> JobRecord {
        let job = try await engine.wait(for: id, owner: Rig.owner, atMost: .seconds(1_000_000))
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

/// A wall clock beside the manual one: the same, until it is set otherwise.
final class Wall: Sendable {
    private let lead: Mutex<Duration>

    init(ahead lead: Duration = .zero) {
        self.lead = Mutex(lead)
    }

    /// Sets the wall clock so far ahead of the manual one.
    func set(ahead: Duration) {
        lead.withLock { $0 = ahead }
    }

    func time(_ clock: ManualClock) -> Timestamp {
        clock.timestamp.adding(lead.withLock { $0 })
    }
}

struct Unexpected: Error {}
