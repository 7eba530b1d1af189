import ArgumentParser
import SluiceHTTP
import SluiceStore

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the gateway.",
        discussion: """
            Each setting is a flag and a variable of the environment; the flag wins. In brackets: the variable, and what \
            stands when neither is given. Durations are 90d, 24h, 30m, 2s, 0s.

            Prints one line with the address when it is ready. SIGTERM stops it in order, a second one at once; SIGHUP \
            reads the providers file again. Exit code 75 means that the disk failed: start it again to recover.

            Example: sluice serve --port 8080 --data /var/lib/sluice --providers /etc/sluice/providers.json
            """
    )

    @OptionGroup(title: "Where") var listening: ListeningOptions
    @OptionGroup(title: "What") var rooms: ServedOptions
    @OptionGroup(title: "How long") var waiting: WaitingOptions
    @OptionGroup(title: "What is kept") var keeping: KeepingOptions
    @OptionGroup(title: "Log") var logging: LogOptions

    func run() async throws {
        let settings = try ServeSettings(self, SettingsReader())
        try ListeningHost.check(settings.http.host)
        try await Gateway(settings).run()
    }
}

/// Where `serve` listens, and to how many.
struct ListeningOptions: ParsableArguments {
    @Option(help: Settings.host.help)
    var host: Host?

    @Option(help: Settings.port.help)
    var port: UInt16?

    @Option(help: Settings.stage.help)
    var stage: String?

    @Option(help: Settings.maxConnections.help)
    var maxConnections: Count?

    @Option(help: Settings.maxConnectionsPerAddress.help)
    var maxConnectionsPerAddress: Count?

    @Option(help: Settings.maxStreamMemory.help)
    var maxStreamMemory: Bytes?
}

/// What `serve` works with.
struct ServedOptions: ParsableArguments {
    @Option(help: Settings.data.help)
    var data: String?

    @Option(help: Settings.providers.help)
    var providers: String?

    @Option(help: Settings.firstToken.help)
    var firstToken: String?
}

/// How long `serve` waits for what.
struct WaitingOptions: ParsableArguments {
    @Option(help: Settings.grace.help)
    var grace: DurationArgument?

    @Option(help: Settings.drainDelay.help)
    var drainDelay: DurationArgument?

    @Option(help: Settings.credentialProbe.help)
    var credentialProbe: Interval?

    @Option(help: Settings.patience.help)
    var patience: DurationArgument?
}

/// How long `serve` keeps what has ended.
struct KeepingOptions: ParsableArguments {
    @Option(help: Settings.record.help)
    var record: Recording?

    @Option(help: Settings.keepSucceeded.help)
    var keepSucceeded: Interval?

    @Option(help: Settings.keepDead.help)
    var keepDead: Interval?

    @Option(help: Settings.keepCancelled.help)
    var keepCancelled: Interval?

    @Option(help: Settings.keepKeys.help)
    var keepKeys: Interval?
}

/// What `serve` tells.
struct LogOptions: ParsableArguments {
    @Option(help: Settings.logLevel.help)
    var logLevel: LogLevel?

    @Option(help: Settings.logFormat.help)
    var logFormat: LogFormat?
}
