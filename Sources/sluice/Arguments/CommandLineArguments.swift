import ArgumentParser
import SluiceTypes

/// What the parser is given of what was typed.
struct CommandLineArguments {
    /// Without the program's own name.
    let words: [String]
    /// Whether errors are for a script.
    let wantsJSON: Bool

    /// - Parameter typed: without the program's own name.
    init(_ typed: [String]) {
        var words = typed
        if ["-v", "version"].contains(words.first) { words = ["--version"] }
        // The parser has no option that may stand without its value.
        let prefix = "--json="
        // What stands behind `--` is nobody's option.
        let end = words.firstIndex(of: "--") ?? words.endIndex
        let options = words[..<end].flatMap { word in
            word.hasPrefix(prefix) ? ["--json", "--fields", String(word.dropFirst(prefix.count))] : [word]
        }
        self.words = options + words[end...]
        wantsJSON = options.contains("--json") || options.contains("--fields")
    }

    /// What is wrong with the first word that names no command where one is wanted; nil where the parser is to judge.
    var unknownCommand: String? {
        CommandLineArguments.unknown(words[...], under: Sluice.configuration, path: "sluice")
    }

    private static func unknown(
        _ words: ArraySlice<String>,
        under command: CommandConfiguration,
        path: String
    ) -> String? {
        let commands: [CommandConfiguration] = command.subcommands.map { $0.configuration }
        guard let word = words.first, !commands.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
        if let next = commands.first(where: { $0.commandName == word }) {
            return unknown(words.dropFirst(), under: next, path: "\(path) \(word)")
        }
        let names = commands.compactMap(\.commandName)
        let shown = Printable.line(String(word.prefix(64)))
        let meant = Suggestion.nearest(to: word, among: names).map { " Did you mean `\(path) \($0)`?" } ?? ""
        return "`\(path)` has no command \(shown).\(meant) It has: \(names.joined(separator: ", "))."
    }
}
