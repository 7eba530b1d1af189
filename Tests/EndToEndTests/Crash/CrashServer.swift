import Glibc

/// The gateway of the kill loop: one data directory, one port, many lives.
struct CrashServer: Sendable {
    let home: Home
    let port: Int
    let arguments: [String]

    var database: String { home.data + "/sluice.db" }

    /// Begins a life.
    func start() throws -> Command {
        let line = [
            "serve", "--port", String(port), "--data", home.data, "--providers", home.providers, "--log-level", "info",
        ]
        return try Command(line + arguments, environment: ["LOOPBACK_KEY": UpstreamTests.key])
    }

    /// Begins a life and waits until it serves.
    ///
    /// - Throws: ``HarnessError`` when it ended instead.
    func startReady() async throws -> Command {
        let life = try start()
        guard await life.says("is ready on") != nil else {
            let status = await life.ended()
            throw HarnessError("the gateway did not start again: it ended with \(status) and said: \(life.errors.text)")
        }
        return life
    }
}
