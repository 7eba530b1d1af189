import ArgumentParser
import SluiceEngine
import SluiceHTTP

/// How long `serve` waits for what.
struct WaitingOptions: ParsableArguments {
    private static let engine = EngineSettings()

    static let grace = Setting(
        "grace",
        DurationArgument(engine.grace),
        "How long running calls may go on after SIGTERM."
    )
    static let drainDelay = Setting(
        "drain-delay",
        DurationArgument(engine.drainDelay),
        "How long to go on serving, announced as not ready, before the stop begins."
    )
    static let drainCancelled = Setting(
        "drain-cancelled",
        DurationArgument(engine.drainCancelled),
        "How long a call whose caller has left, or that was cancelled, runs on at its provider, so that its usage is told."
    )
    static let credentialProbe = Setting(
        "credential-probe",
        Interval(engine.credentialProbe),
        "How often a refused credential is tried again; 1s at least."
    )
    static let patience = Setting(
        "patience",
        DurationArgument(engine.patience),
        "How long a job without a deadline waits for a provider."
    )

    static let callPatience = Setting(
        "call-patience",
        DurationArgument(engine.callPatience),
        "How long a sync call waits for a place at a provider, or for the end of its window."
    )
    static let earlyHeaders = Setting(
        "early-headers",
        DurationArgument(StreamLimits().earlyHeads ?? .zero),
        "How long a stream's caller waits before the answer's head comes without content; 0 waits for content."
    )
    static let keepAlive = Setting(
        "keep-alive",
        DurationArgument(StreamLimits().keepAlive ?? .zero),
        "How long a stream may be silent before a comment is sent; 0 sends none."
    )
    static let idleTimeout = Setting(
        "idle-timeout",
        Interval(ConnectionLimits().idleTime),
        "How long a kept connection may rest; longer than a balancer before it keeps its own, 60s as a rule."
    )
    static let tries = Setting(
        "tries",
        Tries(engine.tries),
        "How often a job that names no number may fail before it is dead; 1 to 20."
    )

    static let settings: [any AnySetting] = [
        grace, drainDelay, drainCancelled, credentialProbe, patience, callPatience, idleTimeout, earlyHeaders,
        keepAlive, tries,
    ]

    @Option(help: grace.help)
    var grace: DurationArgument?

    @Option(help: drainDelay.help)
    var drainDelay: DurationArgument?

    @Option(help: drainCancelled.help)
    var drainCancelled: DurationArgument?

    @Option(help: credentialProbe.help)
    var credentialProbe: Interval?

    @Option(help: patience.help)
    var patience: DurationArgument?

    @Option(help: callPatience.help)
    var callPatience: DurationArgument?

    @Option(help: idleTimeout.help)
    var idleTimeout: Interval?

    @Option(help: earlyHeaders.help)
    var earlyHeaders: DurationArgument?

    @Option(help: keepAlive.help)
    var keepAlive: DurationArgument?

    @Option(help: tries.help)
    var tries: Tries?

    /// - Throws: ``BadVariable``.
    func apply(to settings: inout ServeSettings, _ reader: SettingsReader) throws(BadVariable) {
        settings.engine.grace = try reader.value(Self.grace, flag: grace).duration
        settings.engine.drainCancelled = try reader.value(Self.drainCancelled, flag: drainCancelled).duration
        settings.engine.drainDelay = try reader.value(Self.drainDelay, flag: drainDelay).duration
        settings.engine.credentialProbe = try reader.value(Self.credentialProbe, flag: credentialProbe).duration
        settings.engine.patience = try reader.value(Self.patience, flag: patience).duration
        settings.engine.callPatience = try reader.value(Self.callPatience, flag: callPatience).duration
        settings.http.limits.idleTime = try reader.value(Self.idleTimeout, flag: idleTimeout).duration
        settings.http.streams.earlyHeads = try reader.value(Self.earlyHeaders, flag: earlyHeaders).unlessZero
        settings.http.streams.keepAlive = try reader.value(Self.keepAlive, flag: keepAlive).unlessZero
        settings.engine.tries = try reader.value(Self.tries, flag: tries).value
    }
}

extension DurationArgument {
    /// Nil for none, where that means never.
    fileprivate var unlessZero: Duration? { seconds == 0 ? nil : duration }
}
