import ArgumentParser

/// Which providers file a command reads.
struct ProvidersOptions: ParsableArguments {
    @Option(help: Settings.providers.help)
    var providers: String?

    /// The file.
    ///
    /// - Throws: ``BadVariable``.
    func file() throws(BadVariable) -> String {
        try SettingsReader().value(Settings.providers, flag: providers)
    }
}
