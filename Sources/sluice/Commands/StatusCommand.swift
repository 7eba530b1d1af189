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

    @Flag(help: "Show it again each two seconds, until the command is ended.")
    var watch = false

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard watch else { return try await show() }
        try await show(endsUnready: false)
        while true {
            try await Task.sleep(for: .seconds(2))
            if !output.json { try Console.newPage() }
            try await show(endsUnready: false)
        }
    }

    private func show(endsUnready: Bool = true) async throws {
        let answer = try await AdminClient.answer(store, .get("status"))
        if output.json { try output.show(answer) } else { try StatusSheet(answer.root).show(isWide: output.isWide) }
        if endsUnready, answer.root[key: "ready"]?.boolean != true { throw ExitCode.failure }
    }
}
