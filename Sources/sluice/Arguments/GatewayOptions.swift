import ArgumentParser
import SluiceTypes

/// Which gateway a caller's command speaks to, and with what token.
struct GatewayOptions: ParsableArguments {
    @Option(help: Settings.url.help)
    var url: String?

    @Option(help: Settings.token.help)
    var token: String?

    /// - Throws: ``BadVariable``; ``Failure`` when there is no token.
    func client() throws -> PromptClient {
        let settings = SettingsReader()
        return PromptClient(
            url: try settings.value(Settings.url, flag: url),
            token: try settings.given(Settings.token, flag: token).map(Secret.init) ?? TokenFile.read(),
            transport: try Composition.transport()
        )
    }
}
