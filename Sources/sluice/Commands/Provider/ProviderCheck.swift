import ArgumentParser
import SluiceJSON
import SluicePlugins
import SluiceProvider

struct ProviderCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read the providers file, show its rows, and tell all that is wrong with it.",
        discussion: """
            Exits with 1 on a fault. A row whose credential is missing is no fault: it is shown as unavailable.

            Example: sluice provider check --providers providers.json
            """
    )

    @OptionGroup var file: ProvidersOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let path = try file.file()
        let rows: RowList
        do throws(ProviderFileError) {
            rows = RowList(try Composition.catalogue(file: path))
        } catch {
            Console.note(error.description)
            if output.json { try Console.json(RowList(Catalogue(rows: [])).json(faults: error)) }
            let count = error.faults.count == 1 ? "a fault" : "\(error.faults.count) faults"
            throw Failure("\(path) has \(count); correct what stands above and check again.")
        }
        if output.json { return try Console.json(rows.json(faults: nil)) }
        try rows.show()
        Console.note("\(path) has no fault.")
    }
}
