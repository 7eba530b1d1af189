import Foundation
import Glibc
import Logging
import ServiceLifecycle
import SluiceCatalogue
import SluiceCurl
import SluiceEngine
import SluiceHTTP
import SluiceMoney
import SluiceProvider
import SluiceSQLite
import SluiceStore
import SluiceTelemetry
import SluiceTokens
import SluiceTypes

/// The whole server: opens what it needs, runs its services, and closes what it opened.
struct Gateway {
    private var settings: ServeSettings
    private let logger: Logger
    private let sink: LogSink
    /// How many files may be open, and for what.
    private let room: ProcessRoom

    init(_ settings: ServeSettings) {
        self.settings = settings
        (logger, sink) = Log.logger(level: settings.logLevel.level, format: settings.logFormat)
        let limit = FileLimit.raise()
        let budget = FileBudget(
            limit: limit,
            connections: settings.http.limits.maxConnections,
            calls: settings.engine.mostCalls
        )
        self.settings.engine.mostCalls = budget.calls
        self.settings.http.limits.acceptedConnections = budget.connections
        room = ProcessRoom(
            openFiles: Int(clamping: limit),
            connections: budget.connections,
            calls: budget.calls,
            complaint: budget.complaint
        )
    }

    /// Runs until a signal ends it.
    ///
    /// - Throws: ``Failure``, `StoreError`, or `ServerStartError` for a start that is refused.
    func run() async throws {
        defer { sink.flush(within: .seconds(1)) }
        let signals = await Signals()
        // Before anything is read, written or said: that a port is taken is all there is to say then.
        let port = try HeldPort(host: settings.http.host, port: settings.http.port)
        defer { port.letGo() }
        let metricsPort = try settings.metrics.map { place in
            try HeldPort(host: place.host, port: place.port, flag: MetricsServer.flag)
        }
        defer { metricsPort?.letGo() }
        warn()
        let catalogue = try await readProviders()
        let prices = try readPrices()
        try DataDirectory.prepare(settings.data)
        let transport = try Composition.transport(kept: settings.engine.mostCalls)
        let store = try await openStore()
        do {
            try await serve(
                store: store,
                transport: transport,
                catalogue: catalogue,
                prices: prices,
                ports: (port, metricsPort),
                signals: signals
            )
        } catch {
            await store.close()
            throw error
        }
        await store.close()
        await transport.shutDown()
        logger.info("stopped")
    }

    private func warn() {
        if let complaint = room.complaint { logger.warning("\(complaint)") }
        for note in settings.notes { logger.warning("\(note)") }
        guard !Loopback.contains(settings.http.host) || settings.metrics.map({ !Loopback.contains($0.host) }) == true
        else { return }
        logger.warning(
            """
            Listening beyond this machine without TLS: API tokens and prompts can be read on the way. Put a proxy with \
            TLS before it, or keep --host 127.0.0.1.
            """
        )
    }

    private func readProviders() async throws -> Catalogue {
        do {
            return try await Composition.catalogue(
                file: settings.providers,
                proxyFromEnvironment: settings.proxyFromEnvironment
            )
        } catch {
            Console.note(error.description)
            let count = error.faults.count == 1 ? "a fault" : "\(error.faults.count) faults"
            throw Failure("\(error.file) has \(count); correct what stands above and start again.")
        }
    }

    private func readPrices() throws -> PriceBook {
        let tables = try Composition.priceTables(file: settings.prices)
        if let own = tables.first?.source, let builtIn = tables.dropFirst().first?.source, own.isOlder(than: builtIn) {
            logger.warning(
                "the file of prices is older than the built-in table, before which it goes",
                metadata: [
                    "file": "\(settings.prices ?? "")", "of": "\(own.uploaded ?? "")",
                    "builtIn": "\(builtIn.uploaded ?? "")",
                ]
            )
        }
        return PriceBook(tables)
    }

    private func openStore() async throws(StoreError) -> SQLiteStore {
        try await Composition.store(
            directory: settings.data,
            mode: .serve,
            retention: settings.retention,
            reserve: settings.reserve,
            logger: logger
        ) { error in
            // At once: after a failed flush nothing that this process believes of the file can be trusted.
            sink.flush(within: .seconds(1))
            Console.lastNote("Error: \(error) Start again to recover.")
            _exit(75)
        }
    }

    private func serve(
        store: SQLiteStore,
        transport: CurlTransport,
        catalogue: Catalogue,
        prices: PriceBook,
        ports: (api: HeldPort, metrics: HeldPort?),
        signals: Signals
    ) async throws {
        let boot = BootID.generate()
        let tokens = Composition.tokens(store: store, logger: logger)
        if let path = settings.firstToken { try await FirstToken(path: path, data: settings.data).ensure(tokens) }
        let time = EngineTime(now: Timestamp.now, clock: ContinuousClock())
        let tally = ExportTally(time: time, logger: logger)
        let metrics = Metrics(version: Version.current, tally)
        let tracer = settings.export.flatMap { $0.traces == nil ? nil : Tracer($0, tally) }
        let engine = Composition.engine(
            store: store,
            transport: transport,
            catalogue: catalogue,
            settings: settings.engine,
            prices: prices,
            observers: [metrics] + (tracer.map { [$0] } ?? []),
            boot: boot,
            logger: logger,
            time: time
        )
        // Before the port is open: whoever comes first has limits too.
        try await engine.prepare()
        let reload = Reloader(
            file: settings.providers,
            proxyFromEnvironment: settings.proxyFromEnvironment,
            engine: engine,
            logger: logger
        )
        let page = MetricsAPI(contentType: Metrics.contentType) { metrics.text(await engine.figures()) }
        let address = Address()
        let http = GatewayServer(
            settings: settings.http,
            store: store,
            engine: engine,
            tokens: tokens,
            metrics: page,
            logger: logger,
            now: Timestamp.now,
            port: ports.api,
            onRunning: { address.set($0.description) }
        )
        let admin = AdminServer(
            path: "\(settings.data)/admin.sock",
            api: AdminAPI(
                tokens: tokens,
                records: store,
                jobs: engine,
                keeper: store,
                engine: engine,
                reload: reload.reload,
                info: ServerInfo(
                    version: Version.current,
                    pid: getpid(),
                    boot: boot.description,
                    startedAt: .now(),
                    address: { address.current },
                    settings: Settings.told(CommandLine.arguments, ProcessInfo.processInfo.environment)
                        + settings.exportFacts,
                    room: room
                ),
                now: Timestamp.now
            ),
            holdsDirectory: { store.isInPlace() },
            logger: logger
        )
        // They stop in the reverse order: running calls first, which callers can follow to their end; operators last.
        var services: [any Service] = [TokenHousekeeping(tokens), admin, http, EngineService(engine, after: address)]
        if let place = settings.metrics, let held = ports.metrics {
            let server = MetricsServer(
                host: place.host,
                port: place.port,
                isOpen: Loopback.contains(place.host),
                metrics: page,
                tokens: tokens,
                held: held,
                logger: logger,
                now: Timestamp.now
            )
            services.insert(server, at: 1)
        }
        if let export = settings.export {
            // It stops last, so that it tells of what ends until then.
            let service = ExportService(
                export,
                tracer: tracer,
                metrics: metrics,
                figures: { await engine.figures() },
                find: { try? await store.traced($0) },
                tally: tally,
                transport: transport,
                boot: boot.description,
                time: time
            )
            services.insert(service, at: 0)
        }
        try await run(
            services,
            store: store,
            tokens: tokens,
            engine: engine,
            address: address,
            reload: reload,
            signals: signals
        )
    }

    private func tellStart(_ engine: Engine, _ address: String) {
        let rows = engine.rows
        let unusable = rows.filter { $0.unavailable != nil }.map(\.name)
        logger.info(
            "sluice is ready",
            metadata: [
                "version": "\(Version.current)", "address": "\(address)", "data": "\(settings.data)",
                "rows": .stringConvertible(rows.count), "unusable": .array(unusable.map { "\($0)" }),
            ]
        )
    }

    /// Whoever starts it for the first time has nothing to send with.
    private func tellNoToken(_ tokens: TokenService) async {
        guard let all = try? await tokens.tokens(owner: nil), all.allSatisfy({ $0.isOver(at: .now()) }) else { return }
        Console.note(
            "There is no valid API token yet; make one, while this runs, with: sluice token create --name NAME --data "
                + "'\(settings.data)'"
        )
    }

    private func run(
        _ services: [any Service],
        store: SQLiteStore,
        tokens: TokenService,
        engine: Engine,
        address: Address,
        reload: Reloader,
        signals: Signals
    ) async throws {
        var quiet = logger
        quiet.logLevel = max(.warning, logger.logLevel)
        let group = ServiceGroup(services: services, logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                await signals.obey {
                    engine.drain()
                    logger.info("stopping")
                    await group.triggerGracefulShutdown()
                } reload: {
                    _ = await reload.reload()
                } ignore: { signal in
                    logger.warning(
                        "a signal that means nothing here; SIGHUP reads the providers file again, SIGTERM stops",
                        metadata: ["signal": "\(signal)"]
                    )
                }
            }
            tasks.addTask {
                guard let address = await address.wait() else { return }
                await engine.whenReady()
                guard engine.isReady else { return }
                Console.answer("sluice is ready on http://\(address)")
                tellStart(engine, address)
                await tellNoToken(tokens)
            }
            tasks.addTask { await RowWatch(engine: engine, logger: logger).run() }
            tasks.addTask { await store.watchPlace() }
            defer { tasks.cancelAll() }
            try await group.run()
        }
    }
}
