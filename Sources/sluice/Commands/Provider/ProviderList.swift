import ArgumentParser
import SluiceJSON
import SluicePlugins

struct ProviderList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the rows as the running server sees them, else as the file has them.",
        discussion: """
            With --providers the file is read in any case.

            Example: sluice provider list --json
            """
    )

    @OptionGroup var store: DataOptions
    @OptionGroup var file: ProvidersOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        if file.providers == nil, let client = try AdminClient.online(directory: try store.directory()) {
            let answer = try await client.send(.get("providers"))
            return try output.json ? Console.json(answer.bytes) : RowTable.show(answer.root)
        }
        let rows = RowList(try Composition.catalogue(file: try file.file()))
        try output.json ? Console.json(rows.json(faults: nil)) : rows.show()
    }
}
