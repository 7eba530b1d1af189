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
        do throws(ProviderFileError) {
            let rows = RowList(try Composition.catalogue(file: path))
            if output.json { return Console.json(rows.json(faults: nil)) }
            rows.show()
            Console.note("\(path) has no fault.")
        } catch {
            if output.json { Console.json(RowList(Catalogue(rows: [])).json(faults: error)) }
            Console.note(error.description)
            let count = error.faults.count == 1 ? "a fault" : "\(error.faults.count) faults"
            throw Failure("\(path) has \(count); correct what stands above and check again.")
        }
    }
}
