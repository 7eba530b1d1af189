import ArgumentParser
import SluiceEngine
import SluiceStore

/// What `serve` records of calls, and how long it keeps what has ended, fetched or not.
///
/// The times count for what ends, or is sent, from then on; that of the audit for all of it.
struct KeepingOptions: ParsableArguments {
    private static let retention = Retention.standard

    static let record = Setting(
        "record",
        EngineSettings().recording,
        """
        What is kept of calls on the OpenAI endpoints whose callers wait. full: request, answer, events and tokens used; an \
        SDK's retry and an Idempotency-Key find the answer again. accounting: the tokens used and how each call ended, \
        committed before its answer leaves; no bodies, so no retry finds an answer and no key is taken. none: nothing, and \
        nothing is promised.
        """
    )
    static let keepSucceeded = Setting(
        "keep-succeeded",
        Interval(retention.succeeded),
        "How long an answer is kept; this and the next two count for prompts that end from now on."
    )
    static let keepDead = Setting(
        "keep-dead",
        Interval(retention.dead),
        "How long a prompt is kept that failed for good, and can be redriven."
    )
    static let keepCancelled = Setting(
        "keep-cancelled",
        Interval(retention.cancelled),
        "How long a cancelled prompt is kept."
    )
    static let keepKeys = Setting(
        "keep-keys",
        Interval(retention.idempotencyKeys),
        "How long an idempotency key stands for its prompt, never longer than that is kept; for keys sent from now on."
    )
    static let keepAudit = Setting(
        "keep-audit",
        Interval(retention.audit),
        "How long a line of the audit is kept; for those that are there as well."
    )

    static let keepLedger = Setting(
        "keep-ledger",
        Interval(retention.ledger),
        "How long it is kept what each attempt used, at least as long as prompts are kept; for those that are there as well."
    )
    static let keepUsage = Setting(
        "keep-usage",
        Interval(retention.usage),
        "How long the sums of a day's usage are kept, at least as long as the ledger; for those that are there as well."
    )

    static let reserve = Setting(
        "reserve",
        Reserve(count: 16 << 20),
        """
        So many bytes on the disk are set aside and given back when it is full, so that prompts can be deleted and purged then, and \
        a start succeeds: 16MiB, or none.
        """
    )

    static let settings: [any AnySetting] = [
        record, keepSucceeded, keepDead, keepCancelled, keepKeys, keepAudit, keepLedger, keepUsage, reserve,
    ]

    @Option(help: record.help)
    var record: Recording?

    @Option(help: keepSucceeded.help)
    var keepSucceeded: Interval?

    @Option(help: keepDead.help)
    var keepDead: Interval?

    @Option(help: keepCancelled.help)
    var keepCancelled: Interval?

    @Option(help: keepKeys.help)
    var keepKeys: Interval?

    @Option(help: keepAudit.help)
    var keepAudit: Interval?

    @Option(help: keepLedger.help)
    var keepLedger: Interval?

    @Option(help: keepUsage.help)
    var keepUsage: Interval?

    @Option(help: reserve.help)
    var reserve: Reserve?

    /// - Throws: ``BadVariable``.
    func apply(to settings: inout ServeSettings, _ reader: SettingsReader) throws(BadVariable) {
        settings.engine.recording = try reader.value(Self.record, flag: record)
        settings.retention.succeeded = try reader.value(Self.keepSucceeded, flag: keepSucceeded).duration
        settings.retention.dead = try reader.value(Self.keepDead, flag: keepDead).duration
        settings.retention.cancelled = try reader.value(Self.keepCancelled, flag: keepCancelled).duration
        settings.retention.idempotencyKeys = try reader.value(Self.keepKeys, flag: keepKeys).duration
        settings.reserve = try reader.value(Self.reserve, flag: reserve).count
        settings.retention.audit = try reader.value(Self.keepAudit, flag: keepAudit).duration
        let jobs = [settings.retention.succeeded, settings.retention.dead, settings.retention.cancelled].max() ?? .zero
        let (ledger, usage) = (
            try reader.value(Self.keepLedger, flag: keepLedger), try reader.value(Self.keepUsage, flag: keepUsage)
        )
        settings.retention.ledger = max(jobs, ledger.duration)
        settings.retention.usage = max(settings.retention.ledger, usage.duration)
        for (setting, said, kept) in [
            (Self.keepLedger, ledger, settings.retention.ledger), (Self.keepUsage, usage, settings.retention.usage),
        ] where said.duration < kept {
            let than = setting.name == Self.keepLedger.name ? "prompts are" : "the ledger is"
            settings.notes.append(
                "--\(setting.name) \(said.defaultValueDescription) is shorter than \(than) kept: it counts as \(Interval(kept).defaultValueDescription)"
            )
        }
    }
}
