import ArgumentParser
import SluiceHTTP
import SluiceJSON
import SluiceSQLite
import SluiceStore

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look for faults in a store, or in a backup.",
        discussion: """
            Checks that the file is whole, that its tables are those of this version, and that what docs/jobs.md says \
            always holds (I1 to I10) holds of what is stored. A running server goes on serving meanwhile; without one \
            the files are left as they are. Exit code 1 tells that something is wrong.

            Example: sluice check --data /var/lib/sluice
            Example: sluice check /backups/sluice-2026-11-25.db
            """
    )

    @Argument(help: "A backup to check, instead of the store in the data directory.", completion: .file())
    var file: String?

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if file != nil && store.data != nil { throw ValidationError("Give a file or --data, not both.") }
    }

    func run() async throws {
        let answer = try await report()
        let faults = answer.root[key: "faults"]?.elements ?? []
        if output.json { try output.show(answer) } else { try show(answer.root, faults) }
        guard faults.isEmpty else {
            // Words of another version are no damage: a backup would only lose what came since.
            let areWords = faults.allSatisfy {
                $0[key: "rule"]?.string?.hasSuffix(SQLiteStore.wordsRule) == true
            }
            throw Failure(
                areWords
                    ? "The store holds words of another version of sluice, as told above: run that version to work on these "
                        + "jobs. The others are served."
                    : "The store is damaged, as told above: stop it, and restore a backup that `sluice check` finds sound."
            )
        }
    }

    private func report() async throws -> Document {
        if let file { return try Document(StoreReportWriter.bytes(try await SQLiteStore.check(file: file))) }
        let directory = try store.directory()
        if let online = try AdminClient.online(directory: directory) {
            return try await online.send(.get("check").patient())
        }
        return try Document(StoreReportWriter.bytes(try await offline(directory)))
    }

    private func offline(_ directory: String) async throws -> CheckReport {
        do throws(StoreError) {
            return try await SQLiteStore.check(directory: directory)
        } catch {
            guard error.code == .locked else { throw error }
            throw AdminSocket(directory: directory).silence
        }
    }

    private func show(_ root: JSONValue, _ faults: [JSONValue]) throws {
        for fault in faults {
            let count = fault[key: "count"]?.integer ?? 0
            try Console.print(
                "\(Cell.text(fault[key: "guarantee"])): \(Cell.text(fault[key: "rule"])): broken \(count) times"
            )
            for job in fault[key: "jobs"]?.elements ?? [] { try Console.print("  job \(Cell.text(job))") }
            for detail in fault[key: "details"]?.elements ?? [] {
                try Console.print("  \(Printable.line(Cell.text(detail)))")
            }
        }
        let version = Cell.text(root[key: "schema"])
        guard faults.isEmpty else { return }
        try Console.print("sound: schema \(version), \(JobCounts.text(root[key: "jobs"]))")
    }
}
