import ArgumentParser
import SluiceJSON

struct PromptAttempts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attempts",
        abstract: "Show what has been tried for a prompt, and how it went.",
        discussion: "Example: sluice prompt attempts 0192f0c1-2b3c-7d4e-8f50-617283940a1b"
    )

    @Argument(help: "The id that send printed.")
    var id: String

    @OptionGroup var gateway: GatewayOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await gateway.client().send("GET", ["v1", "prompts", id, "attempts"])
        if output.json { return try output.show(answer) }
        try AttemptTable.show(answer.root, whenEmpty: "The prompt has not been tried yet.", isWide: output.isWide)
    }
}

struct PromptRedrive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redrive",
        abstract: "Send a dead prompt again; needs a token with the scope jobs:redrive.",
        discussion: "Example: sluice prompt redrive 0192f0c1-2b3c-7d4e-8f50-617283940a1b --to-model gpt-4o-mini"
    )

    @Argument(help: "The id that send printed.")
    var id: String

    @Option(help: "Ask this model from now on, of the same type.", completion: Completing.model)
    var toModel: String?

    @OptionGroup var gateway: GatewayOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let body = toModel.map { model in JSONWriter.bytes { $0.object { $0.member("model", model) } } }
        let answer = try await gateway.client().send("POST", ["v1", "prompts", id, "redrive"], body: body ?? [])
        if output.json { return try output.show(answer) }
        Console.note("Prompt \(Cell.text(answer.root[key: "id"])) is queued again.")
    }
}

struct PromptDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete what was asked and answered; what it cost stays.",
        discussion: "Example: sluice prompt delete 0192f0c1-2b3c-7d4e-8f50-617283940a1b"
    )

    @Argument(help: "The id that send printed.")
    var id: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
        _ = try await gateway.client().send("DELETE", ["v1", "prompts", id])
        Console.note("Prompt \(id) is deleted.")
    }
}
