import ArgumentParser

/// Whether a list is shown again and again.
struct WatchOptions: ParsableArguments {
    @Flag(help: "Show it again each two seconds, until the command is ended.")
    var watch = false

    /// Shows once, or for as long as the command runs.
    ///
    /// - Throws: what `show` throws; `CancellationError`.
    func showing(with output: OutputOptions, _ show: () async throws -> Void) async throws {
        try await show()
        while watch {
            try await Task.sleep(for: .seconds(2))
            if !output.json { try Console.newPage() }
            try await show()
        }
    }
}
