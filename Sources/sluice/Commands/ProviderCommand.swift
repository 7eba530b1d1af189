import ArgumentParser
import SluiceCatalogue
import SluiceJSON
import SluiceProvider
import SluiceTypes

struct ProviderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider",
        abstract: "Show, check, try and reload the providers.",
        discussion: "Example: sluice provider check --providers providers.json",
        subcommands: [
            ProviderList.self, ProviderCheck.self, ProviderTest.self, ProviderPause.self, ProviderDrain.self,
            ProviderResume.self, ProviderReload.self,
        ]
    )
}

struct ProviderList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the rows as the running server sees them, else as the file has them.",
        discussion: """
            With --providers the file is read in any case. With --watch the running server is asked again and again, until the
            command is ended.

            Example: sluice provider list --watch
            """
    )

    @OptionGroup var watching: WatchOptions
    @OptionGroup var store: DataOptions
    @OptionGroup var file: ProvidersOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard watching.watch, file.providers != nil else { return }
        throw ValidationError("--watch asks the running server; leave --providers out.")
    }

    func run() async throws {
        if file.providers == nil, let client = try AdminClient.online(directory: try store.directory()) {
            return try await watching.showing(with: output) { try await show(client) }
        }
        if watching.watch { throw Failure("No server runs on \(try store.directory()), so there is nothing to watch.") }
        let rows = RowList(try await file.catalogue())
        try output.json ? output.show(Document(rows.json(faults: nil))) : rows.show(isWide: output.isWide)
    }
}

extension ProviderList {
    private func show(_ client: AdminClient) async throws {
        let answer = try await client.send(.get("providers"))
        try output.json ? output.show(answer) : RowTable.show(answer.root, isWide: output.isWide)
    }
}

struct ProviderCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read the providers file, show its rows, and tell all that is wrong with it.",
        discussion: """
            Exits with 1 on a fault. A row whose credential is missing is no fault: it is shown as unavailable. What is likely to be
            wrong, and is allowed all the same, is told as a warning.

            Example: sluice provider check --providers providers.json
            """
    )

    @OptionGroup var file: ProvidersOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let path = try file.file()
        let rows: RowList
        do {
            rows = RowList(try await file.catalogue())
        } catch let error as ProviderFileError {
            Console.note(error.description)
            if output.json { try Console.json(RowList(Catalogue(rows: [])).json(faults: error)) }
            let count = error.faults.count == 1 ? "a fault" : "\(error.faults.count) faults"
            throw Failure("\(error.file) has \(count); correct what stands above and check again.")
        }
        for warning in rows.warnings { Console.note("Warning: \(warning)") }
        if output.json { return try output.show(Document(rows.json(faults: nil))) }
        try rows.show(isWide: output.isWide)
        try Console.print(rows.verdict(on: path))
    }
}

struct ProviderTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Make two tiny real calls to a provider, plain and streamed, and tell how they went.",
        discussion: """
            Needs no server, and asks a row that is paused or shut as well. Each call asks for one token, of Responses 16, and may be
            billed as such: that is in no ledger and no budget. Exits with 1 when one fails.

            Example: sluice provider test openai --model gpt-4o-mini
            Example: sluice provider test openai --type embedding --model text-embedding-3-small
            """
    )

    @Argument(help: "The row's name.", completion: Completing.row)
    var name: String

    @Option(help: "The model to ask; without, one that the row names.", completion: Completing.model)
    var model: String?

    @Option(
        help:
            "The type to ask for, of those that the row serves; without, chat, completion or embedding, in this order."
    )
    var type: String?

    @OptionGroup var file: ProvidersOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let path = try file.file()
        let rows = try await file.catalogue().rows
        guard let row = rows.first(where: { $0.name == name }) else {
            let names = rows.map(\.name).joined(separator: ", ")
            throw Failure("\(path) has no row named \(Printable.line(name)); it has: \(names).")
        }
        if let reason = row.unavailable { throw Failure("\(name) can't be called: \(reason)") }
        let trial = try ProviderTrial(row: row, operation: try chosenType(row), model: try chosenModel(row))
        let outcome = await trial.run(over: try Composition.transport())
        if output.json { try output.show(Document(outcome.json)) } else { try Console.print(outcome.line) }
        if !outcome.isWell { throw ExitCode.failure }
    }

    private func chosenType(_ row: ProviderRow) throws -> SluiceTypes.Operation {
        let served = SluiceTypes.Operation.allCases.filter(row.operations.contains)
        guard let type else { return served[0] }
        if let operation = served.first(where: { $0.rawValue == type }) { return operation }
        let names = served.map(\.rawValue)
        throw Failure("\(name) serves \(names.joined(separator: ", ")), and \(Printable.line(type)) is none of them.")
    }

    private func chosenModel(_ row: ProviderRow) throws -> String {
        if let model { return model }
        guard let known = row.listed.first ?? row.models.first(where: \.isExact)?.text else {
            throw Failure("\(name) has only patterns of models: name one with --model.")
        }
        return known
    }
}

struct ProviderReload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Let the running server read its providers file again.",
        discussion: """
            A file with faults changes nothing: the rows that were read before stay. SIGHUP does the same.

            Example: sluice provider reload --data /var/lib/sluice
            """
    )

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let directory = try store.directory()
        guard let client = try AdminClient.online(directory: directory) else {
            throw Failure("No server runs on \(directory), so there is nothing to reload: serve reads the file anyway.")
        }
        let answer = try await reload(client)
        if output.json { return try output.show(answer) }
        try RowTable.show(answer.root, isWide: output.isWide)
    }

    /// With `--json` a refusal's faults are for scripts too.
    private func reload(_ client: AdminClient) async throws -> Document {
        do {
            return try await client.send(.post("providers", "reload"))
        } catch let failure as Failure {
            if output.json, let problem = failure.problem { try Console.json(problem) }
            throw failure
        }
    }
}
