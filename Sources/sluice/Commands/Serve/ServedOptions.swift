import ArgumentParser
import SluiceEngine
import SluiceTypes

/// What `serve` works with.
struct ServedOptions: ParsableArguments {
    static let firstToken = Setting(
        "first-token",
        "",
        "Where to put an API token if the store has no valid one yet; the file is readable by you alone."
    )

    static let alarmURL = Setting(
        "alarm-url",
        AlarmURL(),
        "Where to POST that a budget has reached 80 or 100 %, as JSON with a text for chats; each is tried for an hour.",
        isSecret: true
    )

    static let settings: [any AnySetting] = [
        Settings.data, Settings.providers, Settings.prices, Settings.proxyFromEnvironment, firstToken, alarmURL,
    ]

    @Option(help: Settings.data.help)
    var data: String?

    @Option(help: Settings.providers.help)
    var providers: String?

    @Option(help: Settings.prices.help)
    var prices: String?

    @Flag(help: Settings.proxyFromEnvironment.help)
    var proxyFromEnvironment = false

    @Option(help: firstToken.help)
    var firstToken: String?

    @Option(help: alarmURL.help)
    var alarmURL: AlarmURL?

    /// - Throws: ``BadVariable``.
    func apply(to settings: inout ServeSettings, _ reader: SettingsReader) throws(BadVariable) {
        settings.data = try reader.value(Settings.data, flag: data)
        settings.providers = try reader.value(Settings.providers, flag: providers)
        settings.prices = try reader.given(Settings.prices, flag: prices)
        settings.proxyFromEnvironment =
            try reader.value(Settings.proxyFromEnvironment, flag: Switch(flag: proxyFromEnvironment)) == .on
        let url = try reader.value(Self.alarmURL, flag: alarmURL).text
        settings.engine.alarmURL = url.isEmpty ? nil : Secret(url)
        settings.firstToken = try reader.given(Self.firstToken, flag: firstToken)
    }
}
