import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import ServiceLifecycle
import SluiceEngine
import SluiceHTTP
import SluiceJSON
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes

/// Answers by the model's name: `echo-…` answers, `hold-…` never does, `error-<class>` fails.
struct FakeAdapter: Adapter {
    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared {
        if ask.model.hasPrefix("hold-") {
            return .answer([TimedEvent(after: .seconds(86_400), .finish(reason: "stop"))])
        }
        if ask.model.hasPrefix("error-"), let errorClass = ErrorClass(rawValue: String(ask.model.dropFirst(6))) {
            return .answer([TimedEvent(.error(ProviderError(errorClass, "The fake says so.")))])
        }
        return .answer([
            TimedEvent(.start(upstreamID: "fake-1", model: nil)), TimedEvent(.text("an answer")),
            TimedEvent(.upstream(name: nil, Array(#"{"id":"fake-1"}"#.utf8), .ending)),
            TimedEvent(.usage(Usage(promptTokens: 9, completionTokens: 12))), TimedEvent(.finish(reason: "stop")),
        ])
    }

    func reading(for ask: Ask) -> Reading { .pure(NoExchange()) }

    private struct NoExchange: Exchange {
        func begin(_ head: SluiceProvider.ResponseHead) -> [ReplyEvent] { [] }
        func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] { [] }
    }
}

/// A gateway over a store in memory, with one owner's token.
struct Gateway: Sendable {
    let rig: Rig
    let tokens: TokenService
    let server: GatewayServer

    var store: MemoryStore { rig.store }
    var engine: Engine { rig.engine }
    var clock: ManualClock { rig.clock }
    var transport: ReplayTransport { rig.transport }
    var log: LogLines { rig.log }
    var logger: Logger { rig.logger }

    /// A gateway by the machine's clocks, whose row `fake` answers by itself and whose row `keyless` lacks its key.
    init(
        limits: ConnectionLimits = ConnectionLimits(),
        stage: String = "dev",
        longestWait: Int = 60,
        drainDelay: Duration = .zero,
        memory: Int = 1 << 30,
        bodyLimit: Int = 32 << 20,
        promptLimit: Int = 1 << 20,
        origins: Set<String> = []
    ) {
        self.init(
            Rig(
                rows: Gateway.rows,
                settings: EngineSettings(grace: .zero, drainDelay: drainDelay, backoff: .zero, memory: memory),
                isReal: true
            ),
            HTTPSettings(
                port: 0,
                stage: stage,
                longestWait: longestWait,
                bodyLimit: bodyLimit,
                promptLimit: promptLimit,
                limits: limits,
                origins: origins
            )
        )
    }

    /// The rows `fake` and `keyless`.
    static var rows: [ProviderRow] {
        let adapter = FakeAdapter()
        return [
            ProviderRow(
                name: "fake",
                adapterID: "fake",
                adapter: adapter,
                operations: [.chat, .completion],
                models: ["echo-*", "hold-*", "error-*"].map { ModelPattern($0) }
            ),
            ProviderRow(
                name: "keyless",
                adapterID: "fake",
                adapter: adapter,
                operations: [.chat],
                models: [ModelPattern("locked-1")],
                credentials: [Credential(slot: "env:SOME_KEY", secret: nil, problem: "SOME_KEY is not set")],
                unavailable: "the environment variable SOME_KEY is not set"
            ),
        ]
    }

    /// A gateway whose provider and clock a test holds in its hands.
    static func held(
        store: MemoryStore = MemoryStore(),
        clock: ManualClock = ManualClock(),
        streams: StreamLimits = StreamLimits(),
        memory: Int = 1 << 30,
        adapter: any Adapter = PieceAdapter(),
        recording: Recording = .full,
        cutsRevoked: Bool = true,
        rows: [ProviderRow]? = nil,
        script: @escaping @Sendable (_ number: Int) -> ReplayScript = { _ in ReplayScript([.head(200), .hold]) }
    ) -> Gateway {
        held(
            store: store,
            clock: clock,
            streams: streams,
            memory: memory,
            adapter: adapter,
            recording: recording,
            cutsRevoked: cutsRevoked,
            rows: rows
        ) { _, number in script(number) }
    }

    /// The same, for a provider whose answers go by what it is asked.
    static func held(
        store: MemoryStore = MemoryStore(),
        clock: ManualClock = ManualClock(),
        streams: StreamLimits = StreamLimits(),
        memory: Int = 1 << 30,
        adapter: any Adapter = PieceAdapter(),
        recording: Recording = .full,
        cutsRevoked: Bool = true,
        rows: [ProviderRow]? = nil,
        script: @escaping @Sendable (_ call: OutgoingCall, _ number: Int) -> ReplayScript
    ) -> Gateway {
        let row = Rig.row("pieces", adapter: adapter, operations: [.chat, .completion, .embedding], credentials: [])
        let settings = EngineSettings(backoff: .zero, recording: recording, memory: memory)
        let rig = Rig(rows: rows ?? [row], settings: settings, store: store, clock: clock, script: script)
        return Gateway(rig, HTTPSettings(port: 0, streams: streams, cutsRevoked: cutsRevoked))
    }

    private init(_ rig: Rig, _ settings: HTTPSettings) {
        self.rig = rig
        // The clock by which token records age stands still: a test decides what is still believed.
        let start = ContinuousClock.now
        tokens = TokenService(store: rig.store, now: { .now() }, logger: rig.logger, uptime: { start })
        server = GatewayServer(
            settings: settings,
            store: rig.store,
            engine: rig.engine,
            tokens: tokens,
            logger: rig.logger,
            now: { .now() }
        )
    }

    /// A row that serves `models` and lacks its key.
    func locked(_ models: String) -> ProviderRow {
        ProviderRow(
            name: "locked",
            adapterID: "fake",
            adapter: FakeAdapter(),
            operations: [.chat],
            models: [ModelPattern(models)],
            unavailable: "it has no key"
        )
    }

    /// A new token's text.
    func token(_ name: String = "app", _ order: (inout TokenOrder) -> Void = { _ in }) async throws -> String {
        var wanted = TokenOrder(name: name)
        order(&wanted)
        return try await tokens.create(wanted, actor: "operator").text.reveal { $0 }
    }

    /// Runs `test` against the routes; jobs run only with `running`.
    func with<Value>(
        _ setup: TestingSetup = .router,
        running: Bool = false,
        _ test: @escaping @Sendable (Client) async throws -> Value
    ) async throws -> Value {
        var application = server.application()
        if running { application.addServices(EngineService(engine: engine)) }
        let owner = try await store.owner(named: "app")
        let text = try await token { $0.owner = owner?.name }
        let engine = engine
        return try await application.test(setup) { client in
            if running { await engine.whenReady() }
            return try await test(Client(client: client, token: text))
        }
    }

    /// Runs `test` against a gateway that listens; jobs run unless `running` is false.
    func with<Value: Sendable>(
        running: Bool = true,
        _ test: @escaping @Sendable (Gateway, Client) async throws -> Value
    ) async throws -> Value {
        try await with(.live, running: running) { client in try await test(self, client) }
    }

    /// A job of the token's owner.
    func submit(stream: Bool = true, onUnknown: OnUnknown = .deadLetter) async throws -> String {
        let owner = try await store.owners().first?.id ?? OwnerID(rawValue: "")
        let body = #"{"type":"chat","model":"m","prompt":"Hi"}"#
        let job = rig.job(body, of: owner, stream: stream, onUnknown: onUnknown)
        _ = try await engine.submit(job)
        return job.id.description
    }

    /// True when no job was stored at all.
    var isEmpty: Bool {
        get async throws { try await store.counts().values.allSatisfy { $0 == 0 } }
    }
}

/// The engine, that may be done before the application it belongs to.
private struct EngineService: Service {
    let engine: Engine

    func run() async throws {
        try await engine.run()
        try? await gracefulShutdown()
    }
}

/// Requests with one token.
struct Client: Sendable {
    let client: any TestClientProtocol
    let token: String

    var port: Int { client.port ?? 0 }

    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String? = nil,
        _ headers: HTTPFields = [:]
    ) async throws -> Answer {
        try await send(method, path, bytes: body.map { Array($0.utf8) }, headers)
    }

    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        bytes: [UInt8]?,
        _ headers: HTTPFields = [:]
    ) async throws -> Answer {
        var fields: HTTPFields = [.authorization: "Bearer \(token)"]
        if bytes != nil { fields[.contentType] = "application/json" }
        for field in headers { fields[field.name] = field.value.isEmpty ? nil : field.value }
        return try await client.execute(
            uri: path,
            method: method,
            headers: fields,
            body: bytes.map { ByteBuffer(bytes: $0) }
        ) { Answer($0) }
    }

    /// Posts a prompt and returns its id.
    func post(_ model: String = "echo-1", _ headers: HTTPFields = [:]) async throws -> String {
        let answer = try await send(.post, "/v1/prompts", prompt(model), headers)
        return try answer.json().root[key: "id"]?.string ?? ""
    }
}

/// A body with the three required fields, and more.
func prompt(_ model: String = "echo-1", _ more: String = "") -> String {
    #"{"type":"chat","model":"\#(model)","prompt":"Hello?"\#(more.isEmpty ? "" : ",\(more)")}"#
}

struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    init(_ response: TestResponse) {
        status = response.status.code
        headers = response.headers
        bytes = Array(response.body.readableBytesView)
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func json() throws -> Document { try Document(bytes) }

    func field(_ name: String) throws -> String? { try json().root[key: name]?.string }

    /// The pointers of a problem's faults.
    func pointers() throws -> [String] {
        try json().root[key: "errors"]?.elements.compactMap { $0[key: "pointer"]?.string } ?? []
    }
}

extension HTTPFields {
    static func one(_ name: String, _ value: String) -> HTTPFields {
        guard let name = HTTPField.Name(name) else { return [:] }
        return [name: value]
    }
}
