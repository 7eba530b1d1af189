import ArgumentParser

struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print what makes a shell complete these commands.",
        discussion: """
            Names of rows, models and owners are completed while the server of the data directory runs.

            Example: sluice completion bash > /etc/bash_completion.d/sluice
            Example: sluice completion zsh > ~/.zfunc/_sluice
            Example: sluice completion fish > ~/.config/fish/completions/sluice.fish
            """
    )

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash
        case zsh
        case fish

        var parsers: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "The shell.")
    var shell: Shell

    func run() throws {
        try Console.print(Sluice.completionScript(for: shell.parsers))
    }
}
