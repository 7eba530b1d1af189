import HTTPTypes
import Hummingbird
import Logging
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTokens
import SluiceTypes

/// What every surface of the callers' API works with.
final class APIContext: Sendable {
    let settings: HTTPSettings
    /// Where jobs are read; what changes one goes through ``engine``.
    let reader: any JobReader
    let ledger: any LedgerReader
    let engine: Engine
    let authorizer: Authorizer
    let bodies: BodyReader
    let traffic: Traffic
    let readiness: Readiness
    /// Nil where nothing is counted.
    let metrics: MetricsAPI?
    let logger: Logger
    let now: @Sendable () -> Timestamp

    init(
        settings: HTTPSettings,
        reader: any JobReader,
        ledger: any LedgerReader,
        engine: Engine,
        tokens: TokenService,
        traffic: Traffic,
        readiness: Readiness,
        metrics: MetricsAPI? = nil,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.settings = settings
        self.reader = reader
        self.ledger = ledger
        self.engine = engine
        authorizer = Authorizer(
            tokens: tokens,
            cutsRevoked: settings.cutsRevoked,
            proxies: settings.proxies,
            now: now
        )
        bodies = BodyReader(memory: engine.memory)
        self.traffic = traffic
        self.readiness = readiness
        self.metrics = metrics
        self.logger = logger
        self.now = now
    }

    /// Where a job is, for who has called through whatever stands before the gateway.
    func location(of id: JobID) -> String { "\(settings.basePath)/v1/prompts/\(id)" }

    /// Begins the span of a request; nil where nobody records traces.
    var trace: (@Sendable (Request) -> RequestTrace?)? {
        let observation = engine.observation
        guard observation.wantsSpans else { return nil }
        return { [now] in RequestTrace($0, observation, at: now()) }
    }

    /// - Throws: ``Problem`` 503 once the engine claims no more jobs: another process can begin sooner with a new one.
    func refuseWhenStopping() throws(Problem) {
        guard engine.isStopping else { return }
        throw Problem(
            .serviceUnavailable,
            "stopping",
            "the gateway is stopping and takes no new prompts; try again in a moment",
            headers: [.retryAfter: "5", .connection: "close"]
        )
    }

    /// What `caller` may see of a job: without the scope `jobs:read` neither prompt nor answer.
    func record(of job: JobRecord, for caller: Caller, document: Document? = nil) -> [UInt8] {
        guard caller.scopes.contains(.jobsRead) else { return RecordWriter.standing(of: job) }
        return RecordWriter.bytes(
            job,
            waiting: engine.waiting(job),
            document: document,
            seesMoney: caller.seesMoney
        )
    }
}
