import ArgumentParser
import SluiceCatalogue
import SluiceProvider

/// Which providers file a command reads.
struct ProvidersOptions: ParsableArguments {
    @Option(help: Settings.providers.help)
    var providers: String?

    @Flag(help: Settings.proxyFromEnvironment.help)
    var proxyFromEnvironment = false

    /// The file.
    ///
    /// - Throws: ``BadVariable``.
    func file() throws(BadVariable) -> String {
        try SettingsReader().value(Settings.providers, flag: providers)
    }

    /// What the file holds.
    ///
    /// - Throws: ``BadVariable``, `ProviderFileError`.
    func catalogue() async throws -> Catalogue {
        let proxy = Settings.proxyFromEnvironment
        let isProxied = try SettingsReader().value(proxy, flag: Switch(flag: proxyFromEnvironment)) == .on
        return try await Composition.catalogue(file: try file(), proxyFromEnvironment: isProxied, remedy: .command)
    }
}
