import ArgumentParser
import SluiceJSON
import SluiceTypes

struct PromptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt",
        abstract: "Send prompts over HTTP and fetch their answers.",
        discussion: """
            For callers: needs the gateway's address and an API token, from --token, SLUICE_TOKEN or ./.sluice-token.

            Example: sluice prompt send 'Why is the sky blue?' --model gpt-4o-mini --wait
            """,
        subcommands: [
            PromptSend.self, PromptGet.self, PromptList.self, PromptAttempts.self, PromptCancel.self,
            PromptRedrive.self,
            PromptDelete.self,
        ]
    )
}

struct PromptSend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send a prompt and print its id, or with --wait the answer.",
        discussion: """
            The prompt is safe on the gateway's disk when the id is printed.

            Example: sluice prompt send 'Hello' --model stub-echo --wait
            Example: sluice prompt send - --model gpt-4o-mini < question.txt
            Example: sluice prompt send 'Hello' --model gpt-4o-mini --key order-17 --metadata batch=b1 --delay 1h
            """
    )

    @Argument(help: "The prompt; - reads it from standard input.")
    var text: String

    @Option(help: "The model to ask.", completion: Completing.model)
    var model: String

    @Option(help: "The type of prompt: chat or completion.", completion: Completing.type)
    var type = "chat"

    @Option(help: "What the model is told about itself.")
    var system: String?

    @OptionGroup var wishes: PromptWishes

    @Option(help: "An Idempotency-Key: the same prompt sent again with it, within a day, is the same prompt.")
    var key: String?

    @Flag(help: "Wait for the end and print the answer.")
    var wait = false

    @OptionGroup var gateway: GatewayOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let client = try gateway.client()
        let prompt = text == "-" ? try StandardInput.text() : text
        let sent = try await client.send("POST", ["v1", "prompts"], body: body(prompt), key: key)
        let id = Cell.text(sent.root[key: "id"])
        guard wait else {
            return try output.json ? output.show(sent) : Console.print(id)
        }
        try PromptAnswer(try await client.end(of: id)).show(output)
    }

    private func body(_ prompt: String) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("type", type)
                writer.member("model", model)
                writer.member("prompt", prompt)
                writer.memberIfPresent("systemMsg", system)
                wishes.write(to: &writer)
            }
        }
    }
}

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
        try PromptAnswer(record).show(output)
    }
}

struct PromptList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List your owner's prompts, newest first.",
        discussion: "Example: sluice prompt list --status dead"
    )

    @Option(help: "Only prompts that are queued, running, succeeded, dead or cancelled.", completion: Completing.status)
    var status: String?

    @Option(help: "Only prompts for this model.", completion: Completing.model)
    var model: String?

    @Option(
        name: .customLong("class"),
        help: "Only prompts that failed with this class of error: \(Completing.among(ErrorClass.self)).",
        completion: Completing.errorClass
    )
    var errorClass: String?

    @Option(help: "Only prompts whose last attempt was at this provider row.")
    var provider: String?

    @Option(help: "Only prompts that ended, or were made, within this time, \(DurationArgument.spelling).")
    var since: DurationArgument?

    @Option(help: "Only prompts that ended, or were made, before this time, \(DurationArgument.spelling).")
    var until: DurationArgument?

    @OptionGroup var marks: MetadataOptions

    @Option(help: "Go on after this prompt: the last one of the page before.")
    var after: String?

    @Option(help: "The most prompts to show.")
    var limit = Count(50)

    @OptionGroup var watching: WatchOptions
    @OptionGroup var gateway: GatewayOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        try JobFilter.check(since, until)
    }

    func run() async throws {
        try await watching.showing(with: output) { try await show() }
    }

    private func show() async throws {
        let pairs =
            [
                ("status", status), ("model", model), ("class", errorClass), ("provider", provider),
                ("since", since?.ago), ("until", until?.ago), ("after", after), ("limit", String(limit.value)),
            ] + marks.query
        let query = pairs.compactMap { name, value in value.map { (name: name, value: $0) } }
        let answer = try await gateway.client().send("GET", ["v1", "prompts"], query: query)
        if output.json { return try output.show(answer) }
        var table = Table(
            ["ID", "STATUS", "TYPE", "MODEL", "ATTEMPTS", "CLASS", "CREATED", "NEXT", "WAITING FOR", "MESSAGE"],
            wide: ["TYPE", "ATTEMPTS", "CLASS", "NEXT", "MESSAGE"],
            rigid: ["ID", "STATUS", "CREATED"],
            short: ["CREATED": "AGE", "WAITING FOR": "WHY"]
        )
        for prompt in answer.root[key: "prompts"]?.elements ?? [] {
            table.add(
                // Whole in any case: callers ask for their answers by it.
                cells: TableCell(Cell.text(prompt[key: "id"])),
                Cell.state(prompt[key: "status"]),
                TableCell(Cell.text(prompt[key: "type"])),
                TableCell(Cell.text(prompt[key: "model"])),
                TableCell(Cell.text(prompt[key: "attempts"])),
                TableCell(Cell.text(prompt[key: "error"]?[key: "class"])),
                Cell.age(prompt[key: "createdAt"]),
                Cell.age(prompt[key: "nextAttemptAt"]),
                TableCell(Cell.text(prompt[key: "waitingFor"]), short: JobTable.why(prompt)),
                TableCell(Cell.text(prompt[key: "error"]?[key: "message"]))
            )
        }
        try table.show(whenEmpty: "There is no such prompt.", isWide: output.isWide)
        if let next = answer.root[key: "next"]?.string { Console.note("There are more: add --after \(next)") }
    }
}

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
        if output.json { return try output.show(answer) }
        Console.note("Prompt \(Cell.text(answer.root[key: "id"])) is cancelled.")
    }
}
