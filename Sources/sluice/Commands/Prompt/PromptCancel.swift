import ArgumentParser
import SluiceJSON

struct PromptCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Call a prompt off.",
        discussion: "Example: sluice prompt cancel 0192f0c1-2b3c-7d4e-8f50-617283940a1b"
    )

    @Argument(help: "The id that send printed.")
    var id: String

    @OptionGroup var gateway: GatewayOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await gateway.client().send("POST", ["v1", "prompts", id, "cancel"])
        if output.json { return try Console.json(answer.bytes) }
        Console.note("Prompt \(Cell.text(answer.root[key: "id"])) is cancelled.")
    }
}
