import ArgumentParser
import SluiceJSON

struct ProviderReload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Let the running server read its providers file again.",
        discussion: """
            A file with faults changes nothing: the rows that were read before stay. SIGHUP does the same.

            Example: sluice provider reload --data /var/lib/sluice
            """
    )

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let directory = try store.directory()
        guard let client = try AdminClient.online(directory: directory) else {
            throw Failure("No server runs on \(directory), so there is nothing to reload: serve reads the file anyway.")
        }
        let answer = try await reload(client)
        if output.json { return try Console.json(answer.bytes) }
        try RowTable.show(answer.root)
    }

    /// With `--json` a refusal's faults are for scripts too.
    private func reload(_ client: AdminClient) async throws -> Document {
        do {
            return try await client.send(.post("providers", "reload"))
        } catch let failure as Failure {
            if output.json, let problem = failure.problem { try Console.json(problem) }
            throw failure
        }
    }
}
