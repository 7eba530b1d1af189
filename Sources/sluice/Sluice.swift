import ArgumentParser
import Glibc
import SluiceMoney

@main
struct Sluice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sluice",
        abstract: "A durable gateway to LLM providers.",
        discussion: """
            A prompt is safe on disk before it is acknowledged, a provider answers it, and the answer is fetched by id.

            Example: sluice serve --providers providers.json

            Exit codes: 0 done, 1 failed, 64 wrong usage, 75 stopped to recover (start it again).
            """,
        version: Version.current,
        subcommands: [
            ServeCommand.self, StatusCommand.self, TopCommand.self, DoctorCommand.self, TokenCommand.self,
            OwnerCommand.self,
            ProviderCommand.self,
            PromptCommand.self,
            JobCommand.self, UsageCommand.self, PriceCommand.self, AuditCommand.self, BackupCommand.self,
            RestoreCommand.self,
            CheckCommand.self, CompletionCommand.self, ManualCommand.self,
        ]
    )

    @Flag(help: "Print the licences of the data that is built in.")
    var licences = false

    func run() async throws {
        guard licences else { throw CleanExit.helpRequest(self) }
        try Console.print(PriceTable.licences)
    }

    // As the parser's own, but a bad variable of the environment is wrong usage, as a bad flag is.
    static func main() async {
        StandardDescriptors.fillGaps()
        if CommandLine.arguments.dropFirst().first == ServeCommand.configuration.commandName {
            Signals.ignoreEarly()
            LargeBlocks.giveBack()
        }
        // A closed pipe is a write that fails, not the end of a server. Last, so that whoever sees it ignored knows that the others
        // are.
        signal(SIGPIPE, SIG_IGN)
        let arguments = CommandLineArguments(Array(CommandLine.arguments.dropFirst()))
        do {
            if let sentence = arguments.unknownCommand { throw ValidationError(sentence) }
            var command = try await asyncParseAsRoot(arguments.words)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as BadVariable {
            end(with: error, ExitCode.validationFailure.rawValue, isJSON: arguments.wantsJSON)
        } catch let error as OutputError where error.isClosedPipe {
            // Whoever read our output has enough of it, and knows.
            exit(withError: ExitCode.failure)
        } catch {
            let code = exitCode(for: error).rawValue
            // What only says how it ended has said why already.
            guard arguments.wantsJSON, code != 0, !(error is ExitCode) else { exit(withError: error) }
            end(with: error, code, isJSON: true)
        }
    }

    /// Ends the process with an error, told once.
    private static func end(with error: any Error, _ code: Int32, isJSON: Bool) -> Never {
        let sentence = isJSON ? message(for: error) : "\(error)"
        Console.note(isJSON ? ErrorJSON.text(of: error, exitCode: code, sentence) : "Error: \(sentence)")
        exit(withError: ExitCode(code))
    }
}
