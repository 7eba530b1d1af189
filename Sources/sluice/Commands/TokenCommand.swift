import ArgumentParser
import SluiceJSON
import SluiceTokens

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, show, rotate and revoke API tokens.",
        discussion: """
            Works on the running server of the data directory, or on the store itself when none runs. A token's ID is \
            the 8 characters after slc_.

            Example: sluice token create --name laptop
            """,
        subcommands: [
            TokenCreate.self, TokenImport.self, TokenList.self, TokenShow.self, TokenRotate.self, TokenNarrow.self,
            TokenRevoke.self,
            TokenLimit.self,
        ]
    )
}

struct TokenCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an API token and print it, once.",
        discussion: """
            Without --owner a new owner of the token's name is made; an owner's tokens see the same jobs.

            Example: (umask 077; sluice token create --name laptop > .sluice-token)
            """
    )

    @OptionGroup var order: TokenOptions

    @Option(help: "How long it is valid, \(DurationArgument.spelling); 0s for ever.")
    var expires = DurationArgument(TokenLifetime.standardLength)

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let call = AdminCall.post("tokens", body: order.body(expires))
        let answer = try await AdminClient.answer(store, mayMake: true, call)
        try NewToken(answer.root).show(output, answer)
    }
}

struct TokenImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take an API token that callers have already, as from another gateway.",
        discussion: """
            The token comes on standard input, or from a file that only its owner may read; never as an argument, which others \
            on the machine can see. It has 32 to 512 visible ASCII characters that nobody can guess, and always an end. Only its \
            SHA-256 is kept.

            Example: sluice token import --name legacy --expires 30d < old-token
            """
    )

    @OptionGroup var order: TokenOptions

    @Option(help: "The file that holds it, of mode 0600. Without: standard input.")
    var file: String?

    @Option(help: "How long it is valid from now on, \(DurationArgument.spelling).")
    var expires = DurationArgument(TokenLifetime.standardLength)

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let token = try file.map { try SecretFile.text($0) } ?? StandardInput.text()
        let body = order.body(expires, token: token.hasSuffix("\r") ? String(token.dropLast()) : token)
        let answer = try await AdminClient.answer(store, mayMake: true, .post("tokens", "import", body: body))
        if output.json { return try output.show(answer) }
        let record = answer.root[key: "record"]
        let owner = Printable.line(Cell.text(record?[key: "owner"]?[key: "name"]))
        let end = Cell.moment(record?[key: "expiresAt"])
        Console.note("The token is taken as \(Cell.text(record?[key: "id"])) of owner \(owner), ends: \(end).")
    }
}

struct TokenList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List API tokens, without their secrets.",
        discussion: "Example: sluice token list --owner laptop"
    )

    @Option(help: "Only the tokens of this owner, by name or id.", completion: Completing.owner)
    var owner: String?

    @Flag(help: "Also those that have ended, or were revoked.")
    var all = false

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(
            store,
            .get("tokens", query: [("owner", owner), ("all", all ? "true" : nil)])
        )
        if output.json { return try output.show(answer) }
        try TokenTable.show(answer.root[key: "tokens"]?.elements ?? [], isWide: output.isWide)
    }
}

struct TokenShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one API token, without its secret.",
        discussion: "Example: sluice token show 7hK2mQ9x"
    )

    @Argument(help: "The token's ID, the 8 characters after slc_; or its name, where one token alone has it.")
    var id: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .get("tokens", id))
        if output.json { return try output.show(answer) }
        try TokenTable.show(answer.root)
    }
}

struct TokenRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Make a token's successor and print it, once.",
        discussion: """
            The successor has the same owner and scopes. Both work until the grace ends; use 0s when the old one leaked.

            Example: sluice token rotate 7hK2mQ9x --grace 24h
            """
    )

    @Argument(help: "The old token's ID, the 8 characters after slc_; or its name, where one token alone has it.")
    var id: String

    @Option(help: "How long the old one goes on working, \(DurationArgument.spelling); 7d at most.")
    var grace = DurationArgument(TokenService.standardGrace)

    @Option(
        help:
            "How long the successor is valid, \(DurationArgument.spelling); 0s for ever. Without: as long as the old one was made for."
    )
    var expires: DurationArgument?

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .post("tokens", id, "rotate", body: body))
        try NewToken(answer.root).show(output, answer)
        guard !output.json else { return }
        let old = answer.root[key: "replaced"]
        let last =
            old?[key: "lastUsedAt"]?.string == nil ? "never used" : "last used \(Cell.moment(old?[key: "lastUsedAt"]))"
        Console.note("The old token \(id) ends: \(Cell.moment(old?[key: "expiresAt"])); it was \(last).")
    }

    private var body: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("graceSeconds", grace.seconds)
                writer.memberIfPresent("expiresSeconds", expires?.seconds)
            }
        }
    }
}

struct TokenNarrow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "narrow",
        abstract: "Narrow an API token to types and models; it holds within a second, and is not widened again.",
        discussion: "Example: sluice token narrow 7hK2mQ9x --type chat --model 'gpt-4o*'"
    )

    @Argument(help: "The token's ID, the 8 characters after slc_; or its name, where one token alone has it.")
    var id: String

    @Option(
        name: .customLong("type"),
        help: "A type that it may ask for; repeat for more. Without: as before.",
        completion: Completing.type
    )
    var types: [String] = []

    @Option(
        name: .customLong("model"),
        help: "A model, or a pattern with *, that it may ask for; repeat for more. Without: as before."
    )
    var models: [String] = []

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if types.isEmpty, models.isEmpty { throw ValidationError("Say to what: --type, --model, or both.") }
    }

    func run() async throws {
        let body = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.memberIfAny("types", strings: types)
                writer.memberIfAny("models", strings: models)
            }
        }
        let answer = try await AdminClient.answer(store, .post("tokens", id, "narrow", body: body))
        if output.json { return try output.show(answer) }
        try TokenTable.show(answer.root)
    }
}

struct TokenRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End an API token at once.",
        discussion: "Example: sluice token revoke 7hK2mQ9x"
    )

    @Argument(help: "The token's ID, the 8 characters after slc_; or its name, where one token alone has it.")
    var id: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .post("tokens", id, "revoke"))
        if output.json { return try output.show(answer) }
        Console.note("Token \(Cell.text(answer.root[key: "id"])) is revoked.")
    }
}

struct TokenLimit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limit",
        abstract: "Limit what an API token may ask for and spend, within what its owner may.",
        discussion: """
            Changes what is named and leaves the rest; without an option it shows how the limits stand. The owner's limits hold \
            besides. Who takes the token's place by a rotation has the same limits, and what is left of them.

            Example: sluice token limit 7hK2mQ9x --rpm 10 --budget 5 --per day
            """
    )

    @Argument(help: "The token's ID, the 8 characters after slc_; or its name, where one token alone has it.")
    var id: String

    @OptionGroup var limits: LimitOptions
    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, limits.call("tokens", id))
        if output.json { return try output.show(answer) }
        try LimitTable.show(answer.root)
    }
}
