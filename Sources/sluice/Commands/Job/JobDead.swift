import ArgumentParser
import SluiceJSON

struct JobDead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "List dead letters: jobs that no further attempt will help without you.",
        discussion: "Example: sluice job dead --class authentication --since 2h"
    )

    @OptionGroup var filter: JobFilter
    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, filter.call(status: "dead"))
        if output.json { return try Console.json(answer.bytes) }
        try DeadTable.show(answer.root)
    }
}
