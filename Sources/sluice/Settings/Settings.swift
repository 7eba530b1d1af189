/// Every setting, each as a flag and as a variable of the environment.
enum Settings {
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
    static let host = Setting<Host>("host", "127.0.0.1", "The address to listen on.")
    static let port = Setting<UInt16>("port", 8080, "The port to listen on; 0 takes a free one.")
    static let stage = Setting("stage", "dev", "The prefix under which the original paths are served as well.")
    static let maxConnections = Setting<Count>("max-connections", 4096, "The connections that may be open at once.")
    static let maxConnectionsPerAddress = Setting<Count>(
        "max-connections-per-address",
        1024,
        "The connections that one address may have; loopback is not counted."
    )

    static let maxStreamMemory = Setting<Bytes>(
        "max-stream-memory",
        .mebibytes(256),
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
    static let grace = Setting<DurationArgument>(
        "grace",
        .seconds(30),
        "How long running calls may go on after SIGTERM."
    )
    static let drainDelay = Setting<DurationArgument>(
        "drain-delay",
        .seconds(0),
        "How long to go on serving, announced as not ready, before the stop begins."
    )
    static let credentialProbe = Setting<Interval>(
        "credential-probe",
        .seconds(60),
        "How often a refused credential is tried again; 1s at least."
    )
    static let patience = Setting<DurationArgument>(
        "patience",
        .seconds(86_400),
        "How long a job without a deadline waits for a provider."
    )

    // What `serve` keeps, fetched or not. Each counts for what ends, or is sent, from then on.
    static let keepSucceeded = Setting<Interval>(
        "keep-succeeded",
        .seconds(30 * 86_400),
        "How long an answer is kept; this and the next two count for prompts that end from now on."
    )
    static let keepDead = Setting<Interval>(
        "keep-dead",
        .seconds(90 * 86_400),
        "How long a prompt is kept that failed for good, and can be redriven."
    )
    static let keepCancelled = Setting<Interval>(
        "keep-cancelled",
        .seconds(7 * 86_400),
        "How long a cancelled prompt is kept."
    )
    static let keepKeys = Setting<Interval>(
        "keep-keys",
        .seconds(86_400),
        "How long an idempotency key stands for its prompt, never longer than that is kept; for keys sent from now on."
    )
}
