import ArgumentParser

struct JobCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job",
        abstract: "Look after every owner's jobs.",
        discussion: """
            For operators: works on the running server of the data directory, or on the store itself when none runs. \
            Callers use sluice prompt.

            Example: sluice job dead
            """,
        subcommands: [JobList.self, JobShow.self, JobAttempts.self, JobCancel.self, JobDead.self, JobRedrive.self]
    )
}
