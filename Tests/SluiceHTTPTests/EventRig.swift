import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import SluiceEngine
import SluiceHTTP
import SluiceJSON
import SluiceProvider
import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Synchronization

/// Takes each piece of an answer as a piece of the text and as a chunk; `!` is a failure.
struct PieceAdapter: Adapter {
    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared {
        .call(HTTPCall(method: "POST", path: "/", headers: [], body: [], authorization: .none))
    }

    func reading(for ask: Ask) -> Reading { .pure(Pieces()) }

    private struct Pieces: Exchange {
        func begin(_ head: SluiceProvider.ResponseHead) -> [ReplyEvent] { [.start(upstreamID: "up-1", model: nil)] }

        func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
            if chunk == [UInt8(ascii: "!")] { return [.error(ProviderError(.server, "The provider broke."))] }
            let piece = String(decoding: chunk, as: UTF8.self)
            guard last else { return [.text(piece), .upstream(name: nil, chunk, .content)] }
            return [.usage(Usage(promptTokens: 1, completionTokens: 2)), .finish(reason: "stop")]
        }
    }
}

/// A gateway whose provider, clock and store a test holds in its hands, and one owner's token.
struct EventRig: Sendable {
    let store: MemoryStore
    let clock: ManualClock
    let transport: ReplayTransport
    let engine: Engine
    let server: GatewayServer
    let tokens: TokenService
    let log = LogLines()

    init(
        store: MemoryStore = MemoryStore(),
        clock: ManualClock = ManualClock(),
        streams: StreamLimits = StreamLimits(),
        streamMemory: Int = 256 << 20,
        adapter: any Adapter = PieceAdapter(),
        recording: Recording = .full,
        script: @escaping @Sendable (_ number: Int) -> ReplayScript = { _ in ReplayScript([.head(200), .hold]) }
    ) {
        self.store = store
        self.clock = clock
        transport = ReplayTransport { _, number in script(number) }
        var logger = Logger(label: "test") { [log] _ in LineHandler(lines: log) }
        logger.logLevel = .debug
        let row = ProviderRow(
            name: "pieces",
            adapterID: "piece",
            adapter: adapter,
            operations: [.chat, .completion, .embedding],
            models: [ModelPattern("m")],
            endpoint: Endpoint(baseURL: "http://127.0.0.1:9")
        )
        engine = Engine(
            store: store,
            transport: transport,
            catalogue: Catalogue(rows: [row]),
            settings: EngineSettings(backoff: .zero, recording: recording, streamMemory: streamMemory),
            logger: logger,
            time: EngineTime(now: { clock.timestamp }, clock: clock)
        )
        let start = ContinuousClock.now
        tokens = TokenService(store: store, now: { .now() }, logger: logger, uptime: { start })
        server = GatewayServer(
            settings: HTTPSettings(port: 0, streams: streams),
            store: store,
            engine: engine,
            tokens: tokens,
            logger: logger,
            now: { .now() }
        )
    }

    /// Runs `test` against a listening gateway; jobs run unless `running` is false.
    func with<Value: Sendable>(
        running: Bool = true,
        _ test: @escaping @Sendable (EventRig, Client) async throws -> Value
    ) async throws -> Value {
        var application = server.application()
        if running { application.addServices(Running(engine: engine)) }
        let owner = try await store.owner(named: "app")
        let order = TokenOrder(name: "app", owner: owner?.name)
        let token = try await tokens.create(order, actor: "operator").text.reveal { $0 }
        return try await application.test(.live) { client in
            if running { await engine.whenReady() }
            return try await test(self, Client(client: client, token: token))
        }
    }

    private struct Running: Service {
        let engine: Engine

        func run() async throws {
            try await engine.run()
            try? await gracefulShutdown()
        }
    }

    /// A job of the token's owner.
    func submit(stream: Bool = true, onUnknown: OnUnknown = .deadLetter) async throws -> String {
        let owner = try await store.owners().first?.id ?? OwnerID(rawValue: "")
        let job = NewJob(
            .asked(by: owner, .chat, model: "m"),
            id: .generate(at: clock.timestamp),
            terms: JobTerms(surface: .prompt, format: .prompt, stream: stream, lane: .bulk, onUnknown: onUnknown),
            createdAt: clock.timestamp,
            runAt: clock.timestamp,
            fingerprint: Array(repeating: 1, count: 32),
            input: JobInput(body: Array(#"{"type":"chat","model":"m","prompt":"Hi"}"#.utf8))
        )
        _ = try await engine.submit(job)
        return job.id.description
    }
}

/// What was logged.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    func has(_ words: String) -> Bool { lines.withLock { $0.contains { $0.contains(words) } } }
}

private struct LineHandler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        lines.add("\(event.message) " + all.map { "\($0)=\($1)" }.sorted().joined(separator: " "))
    }
}

extension Client {
    /// The head of a request for a job's events.
    func eventsRequest(_ id: String, after event: String? = nil, method: String = "GET") -> String {
        let last = event.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        return "\(method) /v1/prompts/\(id)/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\(last)\r\n"
    }

    /// All events from the beginning or behind one, to the stream's end, as they came.
    func events(_ id: String, after event: String? = nil) async throws -> String {
        var headers: HTTPFields = [:]
        if let event { headers = .one("Last-Event-ID", event) }
        return try await send(.get, "/v1/prompts/\(id)/events", nil, headers).text
    }
}

/// A connection that counts what it hears, and may be told to hear nothing.
struct Listener {
    private let channel: any Channel
    private let heard: Heard

    /// Connects to a port of the loopback and sends `request`; one that is deaf has as little room for what comes as the
    /// system lets it, and reads nothing.
    init(port: Int, _ request: String, isDeaf: Bool) async throws {
        let heard = Heard()
        self.heard = heard
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: !isDeaf)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Ear(heard)) }
            }
        if isDeaf { bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: 4096) }
        channel = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(ByteBuffer(string: request)).get()
    }

    /// How many bytes came.
    var count: Int { heard.state.withLock { $0.count } }

    /// The last kilobyte of them.
    var tail: String { heard.state.withLock { String(decoding: $0.tail, as: UTF8.self) } }

    /// Returns when so many bytes have come, or the connection has ended.
    func hear(_ count: Int) async throws {
        while self.count < count, !heard.state.withLock({ $0.isOver }) {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    /// Reads all that had been sent, to the end of the connection.
    func hearToEnd() async throws {
        try await channel.setOption(.autoRead, value: true).get()
        channel.read()
        try await hear(.max)
    }

    func close() async throws {
        try await channel.close().get()
    }

    private final class Heard: Sendable {
        let state = Mutex<(count: Int, tail: [UInt8], isOver: Bool)>((0, [], false))
    }

    private final class Ear: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let heard: Heard

        init(_ heard: Heard) {
            self.heard = heard
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data).readableBytesView
            heard.state.withLock { state in
                state.count += bytes.count
                state.tail = (state.tail + bytes.suffix(1024)).suffix(1024)
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            heard.state.withLock { $0.isOver = true }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
