import ArgumentParser
import Foundation
import SluiceHTTP

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the gateway.",
        discussion: """
            Each setting is a flag and a variable of the environment; the flag wins. In brackets: the variable, and what \
            stands when neither is given. Durations are 90d, 24h, 30m, 2s, 0s.

            Where OTEL_EXPORTER_OTLP_ENDPOINT names a collector, as in http://127.0.0.1:4318, it is sent metrics and traces; \
            docs/traces.md tells of the variables.

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
        var settings = try ServeSettings(self, SettingsReader())
        settings.take(try ExportVariables(ProcessInfo.processInfo.environment))
        try ListeningHost.check(settings.http.host)
        try await Gateway(settings).run()
    }
}
