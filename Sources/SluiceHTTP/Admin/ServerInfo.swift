package import SluiceTypes

/// What the process says of itself.
package struct ServerInfo: Sendable {
    package var version: String
    package var pid: Int32
    package var boot: String
    package var startedAt: Timestamp
    /// Where callers reach it, once it listens.
    package var address: @Sendable () -> String?

    package init(
        version: String,
        pid: Int32,
        boot: String,
        startedAt: Timestamp,
        address: @escaping @Sendable () -> String? = { nil }
    ) {
        self.version = version
        self.pid = pid
        self.boot = boot
        self.startedAt = startedAt
        self.address = address
    }
}
