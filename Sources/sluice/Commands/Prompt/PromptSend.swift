import ArgumentParser
import SluiceJSON

struct PromptSend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send a prompt and print its id, or with --wait the answer.",
        discussion: """
            The prompt is safe on the gateway's disk when the id is printed.

            Example: sluice prompt send 'Hello' --model stub-echo --wait
            Example: sluice prompt send - --model gpt-4o-mini < question.txt
            """
    )

    @Argument(help: "The prompt; - reads it from standard input.")
    var text: String

    @Option(help: "The model to ask.")
    var model: String

    @Option(help: "The type of prompt: chat or completion.")
    var type = "chat"

    @Option(help: "What the model is told about itself.")
    var system: String?

    @Flag(help: "Wait for the end and print the answer.")
    var wait = false

    @OptionGroup var gateway: GatewayOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let client = try gateway.client()
        let prompt = text == "-" ? try StandardInput.text() : text
        let sent = try await client.send("POST", ["v1", "prompts"], body: body(prompt))
        let id = Cell.text(sent.root[key: "id"])
        guard wait else {
            return try output.json ? Console.json(sent.bytes) : Console.print(id)
        }
        try PromptAnswer(try await client.end(of: id)).show(json: output.json)
    }

    private func body(_ prompt: String) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("type", type)
                writer.member("model", model)
                writer.member("prompt", prompt)
                writer.memberIfPresent("systemMsg", system)
            }
        }
    }
}
