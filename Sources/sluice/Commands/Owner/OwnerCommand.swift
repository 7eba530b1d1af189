import ArgumentParser

struct OwnerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "owner",
        abstract: "Show whom jobs and tokens belong to.",
        discussion: "Example: sluice owner list",
        subcommands: [OwnerList.self, OwnerShow.self]
    )
}
