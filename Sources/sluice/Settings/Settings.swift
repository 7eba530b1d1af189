/// Every setting, each as a flag and as a variable of the environment.
///
/// A setting stands in the file of the options to which it belongs: what it is called, how it is read, and where it goes. What
/// stands when nothing was said is told by the room whose setting it is.
enum Settings {
    /// All of them, in the order of the help.
    static let all: [any AnySetting] =
        ListeningOptions.settings + ServedOptions.settings + WaitingOptions.settings + KeepingOptions.settings
        + LogOptions.settings + [url, token]

    // Shared by several commands.
    static let data = Setting("data", "data", "The directory that holds the store.")
    static let providers = Setting("providers", "providers.json", "The file that lists the providers.")
    static let prices = Setting("prices", "", "A table of prices that goes before the built-in one; read at the start.")
    static let proxyFromEnvironment = Setting<Switch>(
        "proxy-from-environment",
        .off,
        "Call providers that name no outboundProxy through the one of HTTPS_PROXY, but for the hosts of NO_PROXY."
    )
    static let url = Setting("url", "http://127.0.0.1:8080", "Where the gateway is.")
    static let token = Setting(
        "token",
        "",
        "The API token; better in the variable, or in ./.sluice-token, than on the command line.",
        isSecret: true
    )
}
