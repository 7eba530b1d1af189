import SluiceTokens
import SluiceTypes

/// The token of a store that has none yet, put into a file for whoever starts the server for the first time.
struct FirstToken {
    let path: String
    let data: String

    /// Makes the token where the store has none, and tells what to do where the file of an older one is gone.
    ///
    /// - Throws: ``Failure`` when the file can't be written; `TokenError`.
    func ensure(_ tokens: TokenService) async throws {
        guard try await tokens.tokens(owner: nil).isEmpty else {
            if (try? File.read(path)) == nil { tellHowToMakeOne() }
            return
        }
        let issued = try await tokens.create(TokenOrder(name: "first"), actor: "operator")
        let bytes = issued.text.reveal { Array("\($0)\n".utf8) }
        do {
            try File.replace(path, with: bytes)
        } catch {
            throw Failure("The first token can't be put into \(path) (\(error)): name another file with --first-token.")
        }
        Console.note("The first API token is in \(path).")
    }

    private func tellHowToMakeOne() {
        let program = CommandLine.arguments.first ?? "sluice"
        Console.note(
            """
            \(path) is gone, and a token can't be shown twice. Make another one, while this runs, with:
              (umask 077; \(program) token create --name again --data '\(data)' > '\(path)')
            """
        )
    }
}
