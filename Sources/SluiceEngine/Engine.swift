package import Logging
import ServiceLifecycle
package import SluiceProvider
package import SluiceStore
package import SluiceTypes
import Synchronization

/// The life of every job: accepted, routed, claimed, attempted, settled.
///
/// Its methods may be called from the moment it exists; jobs run while ``run()`` does.
package final class Engine: Service {
    let store: any Store
    let switchboard: Switchboard
    let running: RunningJobs
    let feed: Feed
    /// Where whoever follows a job finds its logs.
    let logs: JobLogs
    private let settler: Settler
    let canceller: Canceller
    /// Where sync and streaming calls begin.
    package let calls: CallDesk
    package let inquiries: InquiryDesk
    private let lists: ModelLists
    private let dispatcher: Dispatcher
    private let sweeper: Sweeper
    let deleter: UpstreamDeleter
    let clearer: OwnerClearer
    let poster: AlarmPoster
    private let phase = PhaseGate()
    private let boot: BootID
    private let settings: EngineSettings
    /// The clocks by which everything here waits.
    package let time: EngineTime
    /// For what is waited for often and seldom comes.
    package let alarms: AlarmClock
    /// What is held for callers, here and where their requests come in.
    package let memory: HeldMemory
    let treasury: Treasury
    let room = QueueRoom()
    let tally = JobTally()
    let looks: StoreLooks
    /// Where everything is told that happens.
    package let observation: Observation
    let prices: PriceBook
    let estimator: Estimator
    let repricer: Repricer
    /// How often limits were read.
    let limitReadings = Atomic<Int>(0)
    /// Readings of pauses and of disabled owners, numbered as they begin: an older one that comes late is left alone.
    let pauseReadings = Atomic<Int>(0)
    let ownerReadings = Atomic<Int>(0)
    let logger: Logger

    /// Creates an engine over an open store.
    package init(
        store: any Store,
        transport: any Transport,
        catalogue: Catalogue,
        settings: EngineSettings,
        prices: PriceBook = PriceBook(),
        observers: [any Observer] = [],
        logger: Logger,
        boot: BootID = .generate(),
        time: EngineTime
    ) {
        self.store = store
        self.boot = boot
        self.settings = settings
        self.time = time
        self.logger = logger
        self.prices = prices
        observation = Observation(observers, wantsSpans: settings.sampler != nil)
        looks = StoreLooks(store: store, time: time)
        estimator = Estimator(prices)
        repricer = Repricer(store, time)
        alarms = AlarmClock(time)
        let clock = TrustedClock(time)
        treasury = Treasury(isRecorded: settings.recording != .none, time: time, clock: clock)
        memory = HeldMemory(limit: settings.memory)
        let sharedLooks = SharedLooks(store: store, time: time)
        feed = Feed(looks: sharedLooks)
        running = RunningJobs(feed: feed, memory: memory)
        logs = JobLogs(store: store, running: running, feed: feed, looks: sharedLooks, memory: memory, time: time)
        switchboard = Switchboard(catalogue, settings: settings, secret: store.secret, time: time)
        lists = ModelLists(transport: transport, time: time)
        inquiries = InquiryDesk(
            switchboard: switchboard,
            transport: transport,
            treasury: treasury,
            observation: observation,
            time: time
        )
        settler = Settler(
            switchboard: switchboard,
            feed: feed,
            unsettledLimit: settings.unsettledLimit,
            time: time,
            logger: logger
        )
        canceller = Canceller(
            store: store,
            running: running,
            feed: feed,
            time: time,
            drain: settings.drainCancelled
        )
        let caller = ProviderCaller(
            transport: transport,
            propagation: Propagation(sampler: settings.sampler),
            time: time,
            alarms: alarms
        )
        let phrasing = RequestPhrasing(store: store, held: memory, limit: settings.requestLimit, time: time)
        let runner = { [treasury, switchboard, running, settler, estimator] (store: any CallStore) in
            AttemptRunner(
                store: store,
                phrasing: phrasing,
                caller: caller,
                estimator: estimator,
                treasury: treasury,
                switchboard: switchboard,
                running: running,
                settler: settler,
                settings: settings,
                boot: boot,
                clock: clock,
                time: time,
                logger: logger
            )
        }
        let callStore = settings.recording.store(over: store, observation)
        calls = CallDesk(
            switchboard: switchboard,
            runner: runner(callStore),
            running: running,
            canceller: Canceller(
                store: callStore,
                running: running,
                feed: feed,
                time: time,
                drain: settings.drainCancelled
            ),
            settings: settings,
            observation: observation,
            time: time,
            alarms: alarms
        )
        dispatcher = Dispatcher(
            store: store,
            switchboard: switchboard,
            treasury: treasury,
            runner: runner(store),
            running: running,
            settler: settler,
            feed: feed,
            boot: boot,
            clock: clock,
            time: time,
            logger: logger
        )
        deleter = UpstreamDeleter(
            store: store,
            switchboard: switchboard,
            transport: transport,
            time: time,
            logger: logger
        )
        poster = AlarmPoster(
            store: store,
            transport: transport,
            url: settings.alarmURL,
            time: time,
            logger: logger
        )
        clearer = OwnerClearer(store: store, time: time, logger: logger)
        sweeper = Sweeper(
            store: store,
            switchboard: switchboard,
            running: running,
            feed: feed,
            keeper: RetentionSweep(store: store, clock: clock, time: time, logger: logger),
            deleter: deleter,
            clock: clock,
            settings: settings,
            time: time,
            logger: logger
        )
        record(catalogue)
    }

    /// Tells the switchboard what waits in the store, and since when.
    func noteGroups() async throws(StoreError) {
        for state in try await store.groups() {
            switchboard.note(state.group, of: state.owners, dueAt: state.nextRunAt)
        }
    }

    // MARK: Life

    /// Rescues what an earlier life left running, then runs jobs until a graceful shutdown is asked for.
    ///
    /// Returns when every attempt has been settled. A shutdown lets calls finish within ``EngineSettings/grace``; what runs
    /// on then is called off.
    ///
    /// - Throws: ``StoreError`` when the orphans can't be rescued.
    package func run() async throws {
        try await prepare()
        try await rescueOrphans()
        try await noteGroups()
        phase.advance(to: .serving)
        // Another start, with other rows and another table of prices: what waits for one may pass.
        lookAgain()
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { [self] in await dispatcher.run(until: phase) }
                group.addTask { [self] in await sweeper.run(until: phase) }
                group.addTask { [self] in await deleter.run(until: phase) }
                group.addTask { [self] in await clearer.run(until: phase, by: self) }
                group.addTask { [self] in await poster.run(until: phase) }
                group.addTask { [self] in await stopAfterDelay() }
                await group.waitForAll()
            }
        } onGracefulShutdown: {
            self.drain()
        }
        await finish()
    }

    /// Takes what owners may do, and prices that were set: before anybody is let in.
    ///
    /// Repeating it changes nothing.
    ///
    /// - Throws: ``StoreError``.
    package func prepare() async throws(StoreError) {
        store.observe(wantsSpans: observation.wantsSpans) { [weak self] in self?.note($0) }
        tally.load(try await store.jobCounts())
        try await loadPauses()
        try await loadDisabled()
        try await loadLimits()
        try await loadPrices()
    }

    private func rescueOrphans() async throws(StoreError) {
        while true {
            let rescued = try await store.rescue(boot: boot, at: time.now(), limit: 500)
            guard !rescued.isEmpty else { return }
            for job in rescued {
                logger.info(
                    "rescued",
                    metadata: [
                        "job": "\(job.id)", "state": "\(job.state)", "class": "\(job.errorClass?.rawValue ?? "-")",
                    ]
                )
            }
        }
    }

    /// Announces the stop.
    ///
    /// Without a drain delay nothing is claimed from here on; with one, from its end on.
    ///
    /// A graceful shutdown does the same, but a service group tells its services one after the other.
    package func drain() {
        phase.advance(to: settings.drainDelay > .zero ? .draining : .stopping)
    }

    /// Waits for the wish to stop, goes on serving for the drain delay, then lets waiters go.
    private func stopAfterDelay() async {
        await phase.wait(for: .draining)
        if phase.current < .stopping { try? await time.sleep(settings.drainDelay) }
        phase.advance(to: .stopping)
        feed.close()
        clearer.look()
        poster.look()
        switchboard.doorbell.ring()
    }

    /// Lets running calls finish within the grace, then calls them off and waits until each is settled.
    private func finish() async {
        let running = running
        let grace = settings.grace
        let time = time
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await running.waitUntilEmpty() }
            group.addTask {
                // Cut short, too, by a stop that can't wait; where all had ended, nothing is left to call off.
                try? await time.sleep(grace)
                running.callOffAll()
            }
            await group.next()
            group.cancelAll()
            // After the grace the calls are off, and their settlements have a moment; a store that is ill has no more.
            settler.giveUp()
            await group.waitForAll()
        }
    }

    /// True from the moment a stop was asked for.
    package var isDraining: Bool { phase.current >= .draining }

    /// True from the moment nothing is claimed any more: with a drain delay, from its end on.
    package var isStopping: Bool { phase.isStopping }

    /// True once ``run()`` has rescued the orphans.
    package var isReady: Bool { phase.current >= .serving }

    /// Returns when the engine has rescued its orphans and claims jobs.
    package func whenReady() async {
        await phase.wait(for: .serving)
    }

    // MARK: Jobs

    /// Commits a job and lets it run when it is due.
    ///
    /// - Throws: ``StoreError``.
    package func submit(_ job: NewJob) async throws(StoreError) -> Submission {
        let begin = time.uptime()
        let submission = try await store.submit(job)
        switch submission {
        case .created:
            observation.note(.stored(after: time.uptime() - begin))
            switchboard.note(job.group, of: [job.owner], dueAt: job.runAt)
        case .replayed: observation.note(.replayed(job.facts.terms.surface))
        case .keyReused, .noParent: break
        }
        return submission
    }

    /// The job once it has ended, or as it stands when `limit` is over, `gone` fires or the engine stops; nil where
    /// ``JobReader/job(_:owner:)`` answers nil.
    ///
    /// - Throws: ``StoreError``.
    package func wait(
        for id: JobID,
        owner: OwnerID?,
        atMost limit: Duration,
        unless gone: Signal? = nil
    ) async throws(StoreError) -> JobRecord? {
        let end = time.uptime() + limit
        return try await feed.subscribe(to: id, unless: gone) { bell throws(StoreError) in
            while true {
                guard let job = try await store.job(id, owner: owner) else { return nil }
                if job.state.isTerminal || isOver(end, gone) { return job }
                await wait(for: id, owner: owner, until: end, unless: gone, bell)
            }
        }
    }

    private func isOver(_ end: Duration, _ gone: Signal?) -> Bool {
        time.uptime() >= end || feed.isClosed || Task.isCancelled || gone?.hasFired == true
    }

    /// Returns when the job is worth reading: its bell rang, the time is over, or it has ended.
    ///
    /// Another process may end it, and no bell rings for that; the look at how it stands is shared by all who wait.
    private func wait(for id: JobID, owner: OwnerID?, until end: Duration, unless gone: Signal?, _ bell: Doorbell) async
    {
        while true {
            let next = min(end, time.uptime() + SharedLooks.pause)
            await bell.wait(until: next, time)
            guard time.uptime() >= next, !isOver(end, gone) else { return }
            guard let progress = try? await logs.looks.look(at: id, owner: owner, withLog: false) else { return }
            if progress.state.isTerminal { return }
        }
    }

    // MARK: Rows

    /// Tells whether a new job for this model, whose request has that format, would find a row; one that `isBound` names what a
    /// provider holds for its account.
    package func offer(
        _ operation: Operation,
        in format: RequestFormat,
        model: String,
        isBound: Bool = false
    ) -> Offer {
        let route = isBound ? ModelRoute(boundTo: model) : ModelRoute(model)
        return switchboard.offer(RouteKey(operation, format, route.text))
    }

    /// Why a job is not running; nil for one that is not queued.
    package func waiting(_ job: JobRecord) -> Waiting? {
        guard job.state == .queued else { return nil }
        let now = time.now()
        let hold = switchboard.hold(job.group, for: job.owner, isQueued: true)
        let limit = treasury.refusal(of: job.owner)
        let opensAt = limit?.resetAt ?? hold?.opensIn.map { now.adding($0) }
        let dueAt = job.runAt > now ? job.runAt : nil
        return Waiting(
            reason: limit?.waitingFor ?? hold?.reason,
            detail: limit?.waitingFor ?? hold?.fullReason,
            nextAttemptAt: [opensAt, dueAt].compactMap(\.self).max()
        )
    }

    /// The names that stand for models.
    package var aliases: ModelAliases { switchboard.aliases }

    /// Whether there is more than one way to have a route answered, so that it matters where a session went before.
    package func hasChoice(_ operation: Operation, in format: RequestFormat, route: ModelRoute) -> Bool {
        switchboard.hasChoice(RouteKey(operation, format, route.text))
    }

    /// How many failures end a job that names no number.
    package var tries: Int { settings.tries }

    /// Takes a new set of rows.
    ///
    /// Running jobs keep the row they began with; credentials start with a clean slate.
    package func reload(_ catalogue: Catalogue) {
        switchboard.replace(with: catalogue)
        record(catalogue)
        // A row may have a price now that some jobs wait for.
        lookAgain()
    }

    /// The rows as they stand.
    package var rows: [RowStatus] { switchboard.status }

    /// The name of a row one of whose secrets is `text`; nil where there is none.
    package func row(whoseSecretIs text: String) -> String? {
        let secret = Secret(text)
        return switchboard.rows.first { $0.secrets.contains(secret) }?.name
    }

    /// The models that each row shows, its provider asked where the row has nothing but patterns.
    ///
    /// Aliases come first, those of which some row can be used now.
    package func models() async -> [ModelList] {
        await switchboard.aliasLists
            + lists.models(of: switchboard.rows).map { row, names in
                ModelList(row: row.name, operations: row.operations, formats: row.askedIn, names: names)
            }
    }

    /// Keeps the rows' configurations, so that attempts can be explained after a reload.
    private func record(_ catalogue: Catalogue) {
        observation.note(.catalogue(catalogue.rows.map { CatalogueRow($0) }))
        // Callers are told the row's name alone, so whoever runs the gateway has to find the rest here.
        for row in catalogue.rows {
            guard let reason = row.unavailable else { continue }
            logger.warning("a row can't be used", metadata: ["row": "\(row.name)", "reason": "\(reason)"])
        }
        let rows = catalogue.rows.map { ($0.configuration, $0.configurationHash) }
        // A task of its own: nothing waits for it, and a store that can't take it now costs an explanation, not a job.
        Task { [store, time, logger] in
            for (configuration, hash) in rows {
                do throws(StoreError) {
                    try await store.record(config: configuration, hash: hash, at: time.now())
                } catch {
                    // A start that was refused for another reason has told that.
                    guard error.code != .closed else { return }
                    logger.warning("a row's configuration was not kept", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}
