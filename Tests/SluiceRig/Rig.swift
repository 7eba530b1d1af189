package import Logging
import ServiceLifecycle
import SluiceDialects
package import SluiceEngine
import SluiceJSON
import SluiceMoney
package import SluiceProvider
package import SluiceStore
package import SluiceTesting
package import SluiceTypes
import Synchronization

/// An engine whose store, provider and clocks a test holds in its hands: the one rig of all suites that need an engine.
package struct Rig: Sendable {
    package static let owner = OwnerID(rawValue: "own")

    package let store: MemoryStore
    package let clock: ManualClock
    package let transport: ReplayTransport
    package let wall: Wall
    package let engine: Engine
    /// What the engine logs, and whoever takes ``logger``.
    package let log = LogLines()

    /// Makes a rig.
    ///
    /// - Parameters:
    ///   - rows: the providers; one that speaks OpenAI's chat format unless given.
    ///   - aliases: the names that stand for models.
    ///   - settings: how the engine behaves.
    ///   - prices: what calls cost.
    ///   - store: what it runs on.
    ///   - clock: what it waits by, moved by hand.
    ///   - wall: the wall clock beside it.
    ///   - isReal: true for an engine that waits by the machine's own clocks.
    ///   - script: what the provider answers to each call, counted over all of them from 1.
    package init(
        rows: [ProviderRow] = [Rig.row()],
        aliases: [ModelAlias] = [],
        settings: EngineSettings = EngineSettings(backoff: .zero),
        prices: PriceBook = PriceBook(),
        store: MemoryStore = MemoryStore(),
        clock: ManualClock = ManualClock(),
        wall: Wall = Wall(),
        isReal: Bool = false,
        script: @escaping @Sendable (OutgoingCall, Int) -> ReplayScript = { _, _ in ReplayScript([.head(200), .hold]) }
    ) {
        self.store = store
        self.clock = clock
        self.wall = wall
        transport = ReplayTransport(script: script)
        engine = Engine(
            store: store,
            transport: transport,
            catalogue: Catalogue(rows: rows, aliases: aliases),
            settings: settings,
            prices: prices,
            logger: log.logger,
            time: isReal
                ? EngineTime(now: { .now() }, clock: ContinuousClock())
                : EngineTime(now: { wall.time(clock) }, clock: clock)
        )
    }

    /// Writes to ``log``.
    package var logger: Logger { log.logger }

    /// Runs the engine around `body`, and stops it as SIGTERM would.
    package func run(_ body: (Rig) async throws -> Void) async throws {
        let group = ServiceGroup(services: [engine], logger: log.logger)
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

    /// A row of the file, with a key and an adapter that speaks OpenAI's chat format.
    package static func row(
        _ name: String = "up",
        adapter: (any Adapter)? = nil,
        operations: Set<Operation> = [.chat],
        formats: Set<RequestFormat> = Set(RequestFormat.allCases),
        models: [String] = ["m"],
        credentials: [Credential] = [Credential(slot: "env:KEY", secret: Secret("top-secret-key"))],
        priority: Int = 0,
        concurrency: Int? = nil,
        statePolicy: StatePolicy = StatePolicy(),
        unavailable: String? = nil
    ) -> ProviderRow {
        ProviderRow(
            name: name,
            adapterID: "openai-chat",
            adapter: adapter ?? chat,
            operations: operations,
            formats: formats,
            models: models.map { ModelPattern($0) },
            endpoint: Endpoint(baseURL: "http://\(name).test/\(name)"),
            credentials: credentials,
            priority: priority,
            concurrency: concurrency,
            statePolicy: statePolicy,
            unavailable: unavailable,
            configuration: Array("{\"name\":\"\(name)\"}".utf8),
            configurationHash: "hash-\(name)"
        )
    }

    /// Speaks OpenAI's chat format.
    package static let chat: any Adapter = OpenAIAdapter(
        Manifest(id: "openai-chat", operations: [.chat: "/chat/completions"], formats: [.openAIChat])
    )

    /// An adapter that speaks OpenAI's Responses.
    package static let responses: any Adapter = ResponsesAdapter(
        Manifest(
            id: "openai-responses",
            operations: [.chat: "/responses"],
            formats: [.openAIResponses, .openAICompaction]
        )
    )

    /// A job as it would come in now.
    package func job(
        _ body: String,
        of owner: OwnerID = Rig.owner,
        model: String = "m",
        fallbacks: [String] = [],
        isBound: Bool = false,
        surface: Surface = .prompt,
        format: RequestFormat = .prompt,
        stream: Bool = false,
        lane: Lane = .bulk,
        onUnknown: OnUnknown = .retry,
        runAt: Duration = .zero,
        deadline: Duration? = nil
    ) -> NewJob {
        let now = wall.time(clock)
        return NewJob(
            .asked(by: owner, .chat, model: model, fallbacks: fallbacks, isBound: isBound),
            id: .generate(at: now),
            terms: JobTerms(surface: surface, format: format, stream: stream, lane: lane, onUnknown: onUnknown),
            size: (try? Document(Array(body.utf8))).map { RequestSize(of: $0) } ?? RequestSize(),
            createdAt: now,
            runAt: now.adding(runAt),
            deadlineAt: deadline.map { now.adding($0) },
            fingerprint: Rig.fingerprint,
            input: JobInput(body: Array(body.utf8))
        )
    }

    package static let fingerprint: [UInt8] = Array(repeating: 1, count: 32)

    /// Moves the clock once the dispatcher and the sweeper sleep by it, so that both notice.
    package func advance(by duration: Duration) async throws {
        try await clock.waitForSleepers(2)
        clock.advance(by: duration)
    }
}
