import SluiceEngine
import SluiceHTTP
import SluiceStore

/// Every setting, each as a flag and as a variable of the environment.
///
/// What stands when nothing was said is told by the room whose setting it is.
enum Settings {
    private static let http = HTTPSettings()
    private static let engine = EngineSettings()
    private static let retention = Retention.standard

    /// All of them, in the order of the help.
    static let all: [any AnySetting] = [
        host, port, stage, maxConnections, maxConnectionsPerAddress, maxStreamMemory,
        data, providers, firstToken,
        grace, drainDelay, credentialProbe, patience,
        record, keepSucceeded, keepDead, keepCancelled, keepKeys,
        logLevel, logFormat,
        url, token,
    ]

    // Shared by several commands.
    static let data = Setting("data", "data", "The directory that holds the store.")
    static let providers = Setting("providers", "providers.json", "The file that lists the providers.")
    static let url = Setting("url", "http://127.0.0.1:8080", "Where the gateway is.")
    static let token = Setting(
        "token",
        "",
        "The API token; better in the variable, or in ./.sluice-token, than on the command line.",
        isSecret: true
    )

    // Where `serve` listens, and to whom.
    static let host = Setting("host", Host(name: http.host), "The address to listen on.")
    static let port = Setting("port", UInt16(http.port), "The port to listen on; 0 takes a free one.")
    static let stage = Setting("stage", http.stage, "The prefix under which the original paths are served as well.")
    static let maxConnections = Setting(
        "max-connections",
        Count(http.limits.maxConnections),
        "The connections that may be open at once."
    )
    static let maxConnectionsPerAddress = Setting(
        "max-connections-per-address",
        Count(http.limits.maxConnectionsPerAddress),
        "The connections that one address may have; loopback is not counted."
    )

    static let maxStreamMemory = Setting(
        "max-stream-memory",
        Bytes(count: engine.streamMemory),
        "What running and replayed streams may hold in memory before new ones are refused; as in 64KiB, 256MiB, 1GiB."
    )

    static let firstToken = Setting(
        "first-token",
        "",
        "Where to put an API token if the store has no valid one yet; the file is readable by you alone."
    )

    // What `serve` tells.
    static let logLevel = Setting<LogLevel>("log-level", .info, "The least important messages to log.")
    static let logFormat = Setting<LogFormat>("log-format", .text, "How the log is written to standard error.")

    // How `serve` waits.
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

    // What `serve` records.
    static let record = Setting(
        "record",
        engine.recording,
        """
        What is kept of calls on the OpenAI endpoints whose callers wait. full: request, answer, events and tokens used; an \
        SDK's retry and an Idempotency-Key find the answer again. accounting: the tokens used and how each call ended, \
        committed before its answer leaves; no bodies, so no retry finds an answer and no key is taken. none: nothing, and \
        nothing is promised.
        """
    )

    // What `serve` keeps, fetched or not. Each counts for what ends, or is sent, from then on.
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
}
