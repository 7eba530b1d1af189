import Glibc
import SluiceStore
import SluiceTokens
import SluiceTypes

/// The token of a store that has none yet, put into a file for whoever starts the server for the first time.
struct FirstToken {
    let path: String
    let data: String

    /// Whoever starts the server.
    private static let name: String = {
        let entry = unsafe getpwuid(geteuid())
        guard let entry = unsafe entry, let name = unsafe entry.pointee.pw_name else { return "first" }
        let text = unsafe String(cString: name)
        return text.isEmpty ? "first" : text
    }()

    /// Makes the token where no token of the store is valid, and tells what to do where the file of an older one is gone.
    ///
    /// - Throws: ``Failure`` when the file can't be written, and then there is no token either; `TokenError`.
    func ensure(_ tokens: TokenService) async throws {
        let now = Timestamp.now()
        guard try await tokens.tokens(owner: nil).allSatisfy({ $0.isOver(at: now) }) else {
            if (try? File.read(path)) == nil { tellHowToMakeOne() }
            return
        }
        let draft = try draft()
        let issued = try await tokens.create(try await order(tokens), actor: "operator")
        do {
            try draft.publish(issued.text.reveal { Array("\($0)\n".utf8) })
        } catch {
            // Nobody will ever know it, and the next start is to make another one.
            _ = try await tokens.revoke(issued.record.id, actor: "operator")
            throw failure(error)
        }
        Console.note("The first API token is in \(path).")
    }

    private func draft() throws(Failure) -> DraftFile {
        do {
            return try DraftFile(for: path)
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: FileError) -> Failure {
        Failure("The first token can't be put into \(path) (\(error)): name another file with --first-token.")
    }

    /// The owner of an earlier first token gets this one too, and so its jobs.
    private func order(_ tokens: TokenService) async throws -> TokenOrder {
        let isKnown = try await tokens.owners().contains { $0.name == Self.name }
        return TokenOrder(name: Self.name, owner: isKnown ? Self.name : nil)
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
