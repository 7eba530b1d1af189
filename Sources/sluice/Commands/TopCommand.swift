import ArgumentParser
import SluiceJSON

struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Watch how all stands, with what runs for longest: sluice status, again each second.",
        discussion: """
            Ends with the command, or with the server.

            Example: sluice top
            """
    )

    @Option(help: "End after so many pages; without it go on until the command is ended.")
    var count: Count?

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let directory = try store.directory()
        guard let client = try AdminClient.online(directory: directory) else {
            throw Failure(
                "No gateway runs on \(directory), so there is nothing to watch; sluice status tells what is stored."
            )
        }
        var shown = 0
        while true {
            let answer = try await client.send(.get("status"))
            if output.json {
                try output.show(answer)
            } else {
                if shown > 0 || count == nil { try Console.newPage() }
                let sheet = StatusSheet(answer.root)
                try sheet.show(isWide: output.isWide)
                try sheet.showSlowest(isWide: output.isWide)
            }
            shown += 1
            if let count, shown >= count.value { return }
            try await Task.sleep(for: .seconds(1))
        }
    }
}
