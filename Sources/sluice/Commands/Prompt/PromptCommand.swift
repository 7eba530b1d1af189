import ArgumentParser

struct PromptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt",
        abstract: "Send prompts over HTTP and fetch their answers.",
        discussion: """
            For callers: needs the gateway's address and an API token, from --token, SLUICE_TOKEN or ./.sluice-token.

            Example: sluice prompt send 'Why is the sky blue?' --model gpt-4o-mini --wait
            """,
        subcommands: [PromptSend.self, PromptGet.self, PromptList.self, PromptCancel.self]
    )
}
