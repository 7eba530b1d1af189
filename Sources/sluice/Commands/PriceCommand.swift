import ArgumentParser
import SluiceJSON
import SluiceMoney
import SluiceTypes

struct PriceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "price",
        abstract: "Show what models cost, and set prices that no table has.",
        discussion: """
            A price that is set counts before the row's own and before every table, for calls that begin from then on, and \
            through restarts.

            Example: sluice price show gpt-5
                     sluice price set new-model --provider openai --input 2.5 --output 10
                     sluice price reprice --since 7d --dry-run
            """,
        subcommands: [PriceShow.self, PriceSet.self, PriceList.self, PriceReprice.self]
    )
}

struct PriceShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what the tables say that a model costs.",
        discussion: """
            A row's calls go by the list of its provider; sluice provider check names it. Prices that were set at run time come first,             and sluice price list shows them. WHEN says what a call must be for that price: without it stands the standard one.

            Example: sluice price show claude-sonnet-4-5 --provider anthropic
            """
    )

    @Argument(help: "The model's name as the provider knows it.")
    var model: String

    @Option(help: "Only this provider's list, such as openai; without it all that have the model.")
    var provider: String?

    @Option(
        help: ArgumentHelp(
            "The prices of then, as in 2026-10-31T12:00:00Z; those of now without it.",
            valueName: "moment"
        )
    )
    var at: MomentArgument?

    @Option(help: Settings.prices.help)
    var prices: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let file = try SettingsReader().given(Settings.prices, flag: prices)
        let tables = try Composition.priceTables(file: file)
        if let provider, tables.allSatisfy({ $0.list(named: provider) == nil }) {
            let known = Set(tables.flatMap(\.lists).map(\.id)).sorted().joined(separator: ", ")
            throw Failure("No table has a list of \(Printable.line(provider)); there are those of \(known).")
        }
        let sheet = PriceSheet(model, at: at?.moment ?? .now(), provider: provider, in: tables)
        guard !sheet.lines.isEmpty else {
            let name = Printable.line(model)
            throw Failure(
                "No price of \(name) is known\(at == nil ? "" : " for then"). Set one: sluice price set \(name) --provider ROW --input USD --output USD."
            )
        }
        if output.json { return try output.show(Document(sheet.json)) }
        try sheet.show()
    }
}

struct PriceSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set what a model costs at a provider row, or take that away.",
        discussion: """
            Tokens are priced in USD a million, all other units in USD for one: --unit searches.web=0.01. What waits in the queue \
            for a price is looked at again. With --from the price holds from that day on, and what was set before until then.

            Example: sluice price set new-model --provider openai --input 2.5 --output 10 --unit input.cacheRead=0.25
                     sluice price set new-model --provider openai --like gpt-5
                     sluice price set new-model --provider openai --input 3 --output 12 --from 2027-01-01
            """
    )

    @Argument(help: "The model's name as the provider knows it; * stands for any characters.")
    var model: String

    @Option(help: "The row of the providers file.", completion: Completing.row)
    var provider: String

    @Option(help: "USD for a million tokens that are read.")
    var input: String?

    @Option(help: "USD for a million tokens that are written.")
    var output: String?

    @Option(help: "Another unit and its price, as NAME=USD; repeat for more.")
    var unit: [String] = []

    @Option(help: "Another model whose prices it has, as the row and the tables know them, with their tiers and dates.")
    var like: String?

    @Option(help: "The day (UTC) from which on it holds, as in 2027-01-01.")
    var from: String?

    @Flag(help: "Take the price away that is set.")
    var remove = false

    @OptionGroup var store: DataOptions
    @OptionGroup var shown: OutputOptions

    func validate() throws {
        let hasUnits = input != nil || output != nil || !unit.isEmpty
        if remove, hasUnits || like != nil || from != nil { throw ValidationError("--remove sets no price.") }
        if like != nil, hasUnits {
            throw ValidationError("--like takes all prices of the other model: say none beside it.")
        }
        guard remove || hasUnits || like != nil else {
            throw ValidationError("Say a price: --input and --output, --unit NAME=USD, --like MODEL, or --remove.")
        }
        for text in unit where text.split(separator: "=").count != 2 {
            throw ValidationError("A unit is NAME=USD, such as searches.web=0.01, and not \(Printable.line(text)).")
        }
    }

    /// Amounts go as they were written: a double would change their last digits.
    private var body: [UInt8] {
        var prices: [(String, String)] = []
        if let from { prices.append(("from", from)) }
        if let like { prices.append(("like", like)) }
        if let input { prices.append(("input", input)) }
        if let output { prices.append(("output", output)) }
        for text in unit {
            let parts = text.split(separator: "=", maxSplits: 1)
            prices.append((String(parts[0]), String(parts[1])))
        }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("provider", provider)
                writer.member("model", model)
                guard !remove else { return writer.member("remove", true) }
                writer.member("prices", object: { for (name, price) in prices { $0.member(name, price) } })
            }
        }
    }

    func run() async throws {
        let answer = try await AdminClient.answer(store, .post("prices", body: body))
        if shown.json { return try shown.show(answer) }
        let name = Printable.line(model)
        Console.note(
            remove
                ? "The price of \(name) at \(provider) is taken away." : "The price of \(name) at \(provider) is set."
        )
        let waiting = answer.root[key: "unpricedLines"]?.integer ?? 0
        guard waiting > 0 else { return }
        let calls = waiting == 1 ? "1 call" : "\(waiting) calls"
        Console.note("\(calls) before had no price. Price them with: sluice price reprice --since 90d --dry-run")
    }
}

struct PriceList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the prices that were set at run time.",
        discussion: "Example: sluice price list"
    )

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .get("prices"))
        if output.json { return try output.show(answer) }
        var table = Table("MODEL", "PROVIDER", "PRICES", "SET")
        for price in answer.root[key: "prices"]?.elements ?? [] {
            let forms = price[key: "prices"].map { $0.kind == .array ? $0.elements : [$0] } ?? []
            let units = forms.flatMap { $0.members.map { "\($0.key) \(Cell.text($0.value))" } }
            table.add(
                Cell.text(price[key: "model"]),
                Cell.text(price[key: "provider"]),
                units.joined(separator: ", "),
                Cell.moment(price[key: "setAt"])
            )
        }
        try table.show(whenEmpty: "No price is set; the rows' own and the built-in table hold.")
    }
}
