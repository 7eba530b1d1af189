import ArgumentParser
import Foundation
import SluiceJSON

struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Write the manual's pages: one of sluice, and one of each command.",
        discussion: """
            They say what --help says, for man.

            Example: sluice manual /usr/local/share/man/man1
            """
    )

    @Argument(help: "The directory into which they go; it is made.", completion: .directory)
    var directory: String

    func validate() throws {
        if directory.isEmpty { throw ValidationError("Name the directory into which the pages go.") }
    }

    func run() throws {
        let help = try Document(Array(Sluice._dumpHelp().utf8))
        let folder = URL(filePath: directory, directoryHint: .isDirectory)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            var written: [String] = []
            for page in ManualPage.all(of: help.root, version: Version.current) {
                let file = folder.appending(component: "\(page.name).1")
                try Data(page.text.utf8).write(to: file, options: .atomic)
                written.append(file.path(percentEncoded: false))
            }
            for path in written { try Console.print(path) }
        } catch let error as OutputError {
            throw error
        } catch {
            throw Failure("The pages can't be written to \(directory): \(error.localizedDescription)")
        }
    }
}
