import ArgumentParser
import SluiceHTTP
import SluiceJSON
import SluiceSQLite
import SluiceTypes

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup into a data directory that does not exist yet, or is empty.",
        discussion: """
            The backup is proved before the store gets its name; where it is refused, nothing is left in the directory.

            The store is as it was when the backup was made. Jobs that were queued or running then are run, whether or not \
            they were answered since, so a provider may be called twice for them. An API token that was revoked since \
            works again.

            Example: sluice restore /backups/sluice-2026-11-25.db --data /var/lib/sluice
            """
    )

    @Argument(help: "The backup.", completion: .file())
    var file: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let report = try await SQLiteStore.restore(file, into: try store.directory())
        if output.json { return try output.show(Document(json(report))) }
        try Console.print(Printable.line(report.directory))
        Console.note("\(Size.text(report.bytes)), \(JobCounts.text(report.jobs)).")
        for line in consequences(of: report) { Console.note(line) }
    }

    private func consequences(of report: RestoreReport) -> [String] {
        var lines: [String] = []
        let waiting = (report.jobs[.queued] ?? 0) + report.runAgain
        if waiting > 0 {
            lines.append(
                "\(waiting) of them will be run by `sluice serve`, whether or not they were answered since the backup: a "
                    + "provider may be called twice (\(report.runAgain) were running)."
            )
        }
        if report.putAside > 0 {
            lines.append("\(report.putAside) were running and will be put aside as dead: see `sluice job dead`.")
        }
        lines.append(
            "API tokens are as they were: one that was revoked since works again, so look at `sluice token list`."
        )
        return lines
    }

    private func json(_ report: RestoreReport) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("data", report.directory)
                writer.member("bytes", report.bytes)
                writer.member("schema", report.schema)
                writer.jobs(report.jobs)
                writer.member("runAgain", report.runAgain)
                writer.member("putAside", report.putAside)
            }
        }
    }
}
