import ArgumentParser

/// Which store an operator's command is about.
struct DataOptions: ParsableArguments {
    @Option(help: Settings.data.help)
    var data: String?

    /// The directory.
    ///
    /// - Throws: ``BadVariable``.
    func directory() throws(BadVariable) -> String {
        try SettingsReader().value(Settings.data, flag: data)
    }
}
