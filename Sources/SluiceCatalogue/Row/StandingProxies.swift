import SluiceProvider

/// The proxies of rows that name none: the file's own goes before the environment's.
struct StandingProxies {
    /// That of the file, and why it can't be used.
    var file: (proxy: OutboundProxy?, problem: String?)?
    /// That of the environment, where it is asked for.
    var environment: EnvironmentProxy?

    /// The proxy for calls to `host`, and why it can't be used.
    func proxy(for host: String) -> (proxy: OutboundProxy?, problem: String?) {
        file ?? (environment?.proxy(for: host), nil)
    }
}
