import ArgumentParser
import SluiceJSON

struct PromptList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List your owner's prompts, newest first.",
        discussion: "Example: sluice prompt list --status dead"
    )

    @Option(help: "Only prompts that are queued, running, succeeded, dead or cancelled.")
    var status: String?

    @Option(help: "Only prompts for this model.")
    var model: String?

    @Option(help: "Go on after this prompt: the last one of the page before.")
    var after: String?

    @Option(help: "The most prompts to show.")
    var limit: Count = 50

    @OptionGroup var gateway: GatewayOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let pairs = [("status", status), ("model", model), ("after", after), ("limit", String(limit.value))]
        let query = pairs.compactMap { name, value in value.map { (name: name, value: $0) } }
        let answer = try await gateway.client().send("GET", ["v1", "prompts"], query: query)
        if output.json { return try Console.json(answer.bytes) }
        var table = Table("ID", "STATUS", "TYPE", "MODEL", "ATTEMPTS", "CREATED")
        for prompt in answer.root[key: "prompts"]?.elements ?? [] {
            table.add(
                Cell.text(prompt[key: "id"]),
                Cell.text(prompt[key: "status"]),
                Cell.text(prompt[key: "type"]),
                Cell.text(prompt[key: "model"]),
                Cell.text(prompt[key: "attempts"]),
                Cell.moment(prompt[key: "createdAt"])
            )
        }
        try table.show(whenEmpty: "There is no such prompt.")
        if let next = answer.root[key: "next"]?.string { Console.note("There are more: add --after \(next)") }
    }
}
