import ArgumentParser
import SluiceCatalogue
import SluiceJSON

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at what the gateway stands on: settings, limits, the disk, the clock, keys by name.",
        discussion: """
            Exits with 1 where something is bad. No secret is shown, so that what it prints can be sent to somebody who helps. To learn \
            how fast the disk flushes, it writes a small file in the data directory for a second at most, and takes it away.

            Example: sluice doctor --data /var/lib/sluice
            """
    )

    @OptionGroup var store: DataOptions
    @OptionGroup var file: ProvidersOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let directory = try store.directory()
        var checkup = Checkup()
        checkup.look(at: DirectoryLook(directory))
        do {
            if let client = try AdminClient.online(directory: directory) {
                checkup.look(atProcess: try await client.send(.get("process")).root)
                checkup.look(atStatus: try await client.send(.get("status")).root)
                checkup.look(atRows: try await client.send(.get("providers")).root)
            } else {
                checkup.noGateway(on: directory)
                try await lookAtFile(&checkup)
            }
        } catch let failure as Failure {
            // The disk can be looked at all the same.
            checkup.silent(failure)
        }
        if DirectoryLook.isThere(directory) { checkup.look(at: FlushTrial.run(in: directory)) }
        if output.json {
            try output.show(try Document(checkup.json))
        } else {
            try checkup.show(isWide: output.isWide)
        }
        if checkup.isBad { throw ExitCode.failure }
    }

    private func lookAtFile(_ checkup: inout Checkup) async throws {
        do {
            let rows = RowList(try await file.catalogue())
            checkup.look(atRows: try Document(Array(rows.json(faults: nil))).root)
        } catch let error as ProviderFileError {
            checkup.faulty(error)
        }
    }
}
