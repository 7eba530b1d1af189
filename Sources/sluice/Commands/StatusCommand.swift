import ArgumentParser
import SluiceJSON

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how all stands: what waits for what, which rows are shut, the disk, budgets, tokens.",
        discussion: """
            Exits with 1 where the gateway is not ready. Nothing is counted for it: it answers at once however much there is.

            Example: sluice status --watch
            Example: sluice status --json=ready,waiting
            """
    )

    @OptionGroup var watching: WatchOptions
    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await watching.showing(with: output) { try await show(endsUnready: !watching.watch) }
    }

    private func show(endsUnready: Bool) async throws {
        let answer = try await AdminClient.answer(store, .get("status"))
        if output.json { try output.show(answer) } else { try StatusSheet(answer.root).show(isWide: output.isWide) }
        if endsUnready, answer.root[key: "ready"]?.boolean != true { throw ExitCode.failure }
    }
}
