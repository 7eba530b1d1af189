import ArgumentParser

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, show, rotate and revoke API tokens.",
        discussion: """
            Works on the running server of the data directory, or on the store itself when none runs. A token's ID is \
            the 8 characters after slc_.

            Example: sluice token create --name laptop
            """,
        subcommands: [TokenCreate.self, TokenList.self, TokenShow.self, TokenRotate.self, TokenRevoke.self]
    )
}
