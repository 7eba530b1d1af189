import ArgumentParser
import SluiceJSON

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the store into a new file, while it serves or while it does not.",
        discussion: """
            The file holds the store as it was at one moment, and is proved before it gets its name. It is written by the \
            process that has the store open, so a running server must be able to write there. FILE is never replaced. What \
            a killed backup leaves behind ends in .partial and can be deleted.

            The file holds every prompt, every answer and the hashes of the API tokens: it is readable by its owner alone, \
            and should stay so wherever it goes.

            Example: sluice backup /backups/sluice-2026-11-25.db --data /var/lib/sluice
            """
    )

    @Argument(help: "The file to make.", completion: .file())
    var file: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let path = AbsolutePath.of(file)
        let answer = try await AdminClient.using(store) { client in
            try await withProgress(of: path, client) {
                let body = JSONWriter.bytes { writer in writer.object { $0.member("path", path) } }
                return try await client.send(.post("backup", body: body).patient())
            }
        }
        if output.json { return try output.show(answer) }
        let root = answer.root
        try Console.print(Printable.line(Cell.text(root[key: "path"])))
        Console.note("\(Size.text(root[key: "bytes"]?.integer ?? 0)), \(JobCounts.text(root[key: "jobs"])).")
    }

    /// Shows how far the backup to `path` has come while `body` waits for it.
    private func withProgress<Result: Sendable>(
        of path: String,
        _ client: AdminClient,
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                var bar = ProgressBar("MB")
                while bar.isShown, (try? await Task.sleep(for: .milliseconds(200))) != nil {
                    // A bar that can't be drawn is no reason to give up.
                    guard let answer = try? await client.send(.get("backup")) else { break }
                    let all = answer.root[key: "backups"]?.elements ?? []
                    guard let own = all.first(where: { $0[key: "path"]?.string == path }) else { continue }
                    let megabytes = { (name: String) in (own[key: name]?.integer ?? 0) / 1_000_000 }
                    bar.show(megabytes("doneBytes"), of: megabytes("totalBytes"), Cell.text(own[key: "step"]))
                }
                bar.clear()
                return nil
            }
            var result: Result?
            while let ended = try await group.next() {
                guard let ended else { continue }
                result = ended
                group.cancelAll()
            }
            guard let result else { throw Failure("The backup came to no end; look at the server's log.") }
            return result
        }
    }
}
