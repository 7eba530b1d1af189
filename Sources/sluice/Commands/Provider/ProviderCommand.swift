import ArgumentParser

struct ProviderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider",
        abstract: "Show, check, try and reload the providers.",
        discussion: "Example: sluice provider check --providers providers.json",
        subcommands: [ProviderList.self, ProviderCheck.self, ProviderTest.self, ProviderReload.self]
    )
}
