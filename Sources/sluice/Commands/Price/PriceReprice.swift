import ArgumentParser
import SluiceJSON
import SluiceTypes

struct PriceReprice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reprice",
        abstract: "Price calls of the past anew, or take that back.",
        discussion: """
            Calls without a price are priced by the tables, the rows and the set prices of now, at what they say for the moment of \
            each call. --provider, --model or --all take priced calls in as well; what a provider has said itself (costFrom) stays. \
            Sums and budgets follow. A run that was broken off goes on where the same is asked again, and --undo takes a run back.

            Example: sluice price reprice --since 7d --dry-run
                     sluice price reprice --since 2026-11-01 --model gpt-9 --provider openai
                     sluice price reprice --undo 3
            """
    )

    @Option(
        help: ArgumentHelp(
            "From when on: so long ago, as in 7d, a day, as in 2026-10-31, or a moment.",
            valueName: "moment"
        )
    )
    var since: PastArgument?

    @Option(help: ArgumentHelp("Until when; now without it.", valueName: "moment"))
    var until: PastArgument?

    @Option(
        help: "Only this model's calls, by the provider's name for it: priced ones with them.",
        completion: Completing.model
    )
    var model: String?

    @Option(help: "Only this provider row's calls: priced ones with them.", completion: Completing.row)
    var provider: String?

    @Flag(help: "All calls, and not only those without a price.")
    var all = false

    @Flag(help: "Say what would change, and change nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("Take back what this run has changed.", valueName: "run"))
    var undo: Int?

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if undo == nil, since == nil { throw ValidationError("Say how far back: --since 7d, or --undo RUN.") }
        if undo != nil, since != nil || until != nil || model != nil || provider != nil || all || dryRun {
            throw ValidationError("--undo takes a whole run back: say nothing beside it.")
        }
        if let since, let until, until.moment <= since.moment {
            throw ValidationError("--until is not behind --since.")
        }
    }

    private var body: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.memberIfPresent("undo", undo)
                writer.memberIfPresent("since", since?.moment.description)
                writer.memberIfPresent("until", until?.moment.description)
                writer.memberIfPresent("model", model)
                writer.memberIfPresent("provider", provider)
                if all { writer.member("all", true) }
                if dryRun { writer.member("dryRun", true) }
            }
        }
    }

    func run() async throws {
        let answer = try await AdminClient.answer(store, AdminCall.post("repricings", body: body).patient())
        if output.json { return try output.show(answer) }
        try RepricingSheet(answer.root, isDry: dryRun, undone: undo).show()
    }
}
