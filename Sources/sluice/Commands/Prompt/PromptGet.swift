import ArgumentParser

struct PromptGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Print a prompt's answer.",
        discussion: "Example: sluice prompt get 0192f0c1-2b3c-7d4e-8f50-617283940a1b --wait"
    )

    @Argument(help: "The id that send printed.")
    var id: String

    @Flag(help: "Wait for the end.")
    var wait = false

    @OptionGroup var gateway: GatewayOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let client = try gateway.client()
        let record = wait ? try await client.end(of: id) : try await client.send("GET", ["v1", "prompts", id])
        try PromptAnswer(record).show(json: output.json)
    }
}
