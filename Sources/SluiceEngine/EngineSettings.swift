package import SluiceStore
package import SluiceTypes

/// How the engine behaves; every duration is a setting of `sluice serve` or fixed by the design.
package struct EngineSettings: Sendable {
    /// How long running calls may go on after a stop was asked for.
    package var grace: Duration
    /// How long to go on serving, announced as not ready, before the stop begins.
    package var drainDelay: Duration
    /// How long a call that is cancelled runs on at its provider, so that its usage is told.
    package var drainCancelled: Duration
    /// How long a provider may ask for patience, or a group be held, before a job without a deadline is dead.
    package var patience: Duration
    /// How many failures end a job that names no number.
    package var tries: Int
    /// How often a credential that was refused is tried again, with one job.
    package var credentialProbe: Duration
    /// The longest pause before the first retry, doubled for each that follows, up to ten minutes; it is drawn between half of
    /// this and all of it.
    package var backoff: Duration
    /// How long a row stays closed after a 429 without `Retry-After`; doubled each time in a row, to a minute at most.
    package var rateLimitPause: Duration
    /// How long a call waits for a place at a provider, or for the end of a window.
    package var callPatience: Duration
    /// The most calls under way; a row and an owner may have half of them, the queue three quarters.
    package var mostCalls: Int
    /// How long a call runs on without its caller, where the caller may come back.
    package var reattachGrace: Duration
    /// How long after its end a call may still answer its caller's retry.
    package var reattachMemory: Duration
    /// What is kept of sync and streaming calls.
    package var recording: Recording
    /// How often ended jobs past their time, and jobs past their deadline, are looked for.
    package var sweepInterval: Duration
    /// Bytes of answers that may wait for a store that takes none, before no new call is begun.
    package var unsettledLimit: Int
    /// Bytes of bodies, their trees, logs and plain answers in memory beyond which nothing new begins.
    package var memory: Int
    /// How long a request may become by the thread that it continues, in bytes.
    package var requestLimit: Int
    /// Who is told of budgets at 80 and 100 %, nil for nobody; its path may be a secret.
    package var alarmURL: Secret?
    /// Which traces are recorded; nil where none is.
    package var sampler: TraceSampler?

    package init(
        grace: Duration = .seconds(30),
        drainDelay: Duration = .zero,
        drainCancelled: Duration = .zero,
        patience: Duration = .seconds(86_400),
        tries: Int = JobLimits.tries,
        credentialProbe: Duration = .seconds(60),
        backoff: Duration = .seconds(2),
        rateLimitPause: Duration = .seconds(5),
        callPatience: Duration = .seconds(30),
        mostCalls: Int = 2048,
        reattachGrace: Duration = .seconds(10),
        reattachMemory: Duration = .seconds(60),
        recording: Recording = .full,
        sweepInterval: Duration = .seconds(10),
        unsettledLimit: Int = 64 << 20,
        memory: Int = 1 << 30,
        requestLimit: Int = 32 << 20,
        alarmURL: Secret? = nil,
        sampler: TraceSampler? = nil
    ) {
        self.grace = grace
        self.drainDelay = drainDelay
        self.drainCancelled = drainCancelled
        self.patience = patience
        self.tries = tries
        self.credentialProbe = credentialProbe
        self.backoff = backoff
        self.rateLimitPause = rateLimitPause
        self.callPatience = callPatience
        self.mostCalls = mostCalls
        self.reattachGrace = reattachGrace
        self.reattachMemory = reattachMemory
        self.recording = recording
        self.sweepInterval = sweepInterval
        self.unsettledLimit = unsettledLimit
        self.memory = memory
        self.requestLimit = requestLimit
        self.alarmURL = alarmURL
        self.sampler = sampler
    }
}
