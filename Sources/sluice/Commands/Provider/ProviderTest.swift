import ArgumentParser
import SluiceJSON
import SluiceProvider
import SluiceTypes

struct ProviderTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Make one tiny real call to a provider and tell how it went.",
        discussion: """
            Needs no server. The call asks for one token and may be billed as such. Exits with 1 when it fails.

            Example: sluice provider test openai --model gpt-4o-mini
            """
    )

    @Argument(help: "The row's name.")
    var name: String

    @Option(help: "The model to ask; without, one that the row names.")
    var model: String?

    @OptionGroup var file: ProvidersOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let path = try file.file()
        let rows = try Composition.catalogue(file: path).rows
        guard let row = rows.first(where: { $0.name == name }) else {
            let names = rows.map(\.name).joined(separator: ", ")
            throw Failure("\(path) has no row named \(Printable.line(name)); it has: \(names).")
        }
        if let reason = row.unavailable { throw Failure("\(name) can't be called: \(reason)") }
        let trial = try ProviderTrial(row: row, model: try chosenModel(row))
        let outcome = await trial.run(over: try Composition.transport())
        if output.json { try Console.json(outcome.json) } else { try Console.print(outcome.line) }
        if outcome.errorClass != nil { throw ExitCode.failure }
    }

    private func chosenModel(_ row: ProviderRow) throws -> String {
        if let model { return model }
        guard let known = row.listed.first ?? row.models.first(where: \.isExact)?.text else {
            throw Failure("\(name) has only patterns of models: name one with --model.")
        }
        return known
    }
}
