import ArgumentParser
import SluiceJSON

struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "Show what was used and what it cost.",
        discussion: """
            A call is priced, or unpriced (what has a price of it stands under LOW), or unknown (nobody told what it used). Days \
            are those of UTC.

            Example: sluice usage --since 30d --by model,owner
            """
    )

    @Option(help: "How far back to look: the days that it reaches into, today with them, \(DurationArgument.spelling).")
    var since = DurationArgument(.seconds(7 * 86_400))

    @Option(help: "One month instead, as in 2026-10.")
    var month: MonthArgument?

    @Option(help: "What to tell apart: some of day, owner, token, provider, model, tag, session, with commas between.")
    var by: String?

    @Option(help: "Only this owner's: a name or an id.", completion: Completing.owner)
    var owner: String?

    @Option(help: "Only this token's: the 8 characters after slc_.")
    var token: String?

    @Option(help: "Only this provider row's.", completion: Completing.row)
    var provider: String?

    @Option(help: "Only this model's, by the provider's name for it.", completion: Completing.model)
    var model: String?

    @Option(help: "Only this tag's: what callers name in x-sluice-tag, else their token's.")
    var tag: String?

    @Option(
        help:
            "Only this conversation's: its 16 digits of --by session, or with --owner the name that its calls gave it."
    )
    var session: String?

    @Flag(help: "Only what no price is known of, told apart by provider and model unless --by says otherwise.")
    var unpriced = false

    @Flag(help: "Only what may have been charged without being told, told apart in the same way.")
    var possiblyCharged = false

    @Flag(help: "Print comma-separated values for a spreadsheet, by day, provider and model and what --by adds.")
    var csv = false

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !(csv && output.json) else { throw ValidationError("Choose one of --csv and --json.") }
        guard !(unpriced && possiblyCharged) else {
            throw ValidationError("Choose one of --unpriced and --possibly-charged.")
        }
    }

    func run() async throws {
        let kind: UsageTable.Kind = unpriced ? .unpriced : possiblyCharged ? .possiblyCharged : .all
        let parts = csv ? UsageTable.csvParts(with: by) : by ?? (kind == .all ? nil : "provider,model")
        let days = month.map { ($0.first, $0.last) }
        let call = AdminCall.get(
            "usage",
            query: [
                ("since", days?.0 ?? String(since.ago.prefix(10))), ("until", days?.1), ("by", parts), ("owner", owner),
                ("token", token), ("provider", provider), ("model", model), ("tag", tag), ("session", session),
                ("with", kind.wanted),
            ]
        )
        let answer = try await AdminClient.answer(store, call)
        if output.json { return try output.show(answer) }
        let table = UsageTable(answer.root, parts: parts?.split(separator: ",").map(String.init) ?? [], kind)
        if csv { return try table.printCSV() }
        try table.show(isWide: output.isWide)
    }
}
