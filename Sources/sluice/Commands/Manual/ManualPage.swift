import SluiceJSON

/// A page of the manual in the macros of man(7), made of what the commands say of themselves in `--help`.
struct ManualPage {
    /// As in `sluice-job`.
    let name: String
    private(set) var text: String

    /// The pages of all commands: one of the program, and one of each of its commands, which has that one's own commands in it.
    ///
    /// - Parameters:
    ///   - help: what the parser tells of the commands as JSON.
    ///   - version: this program's.
    /// - Returns: the program's own first.
    static func all(of help: JSONValue, version: String) -> [ManualPage] {
        guard let root = help[key: "command"] else { return [] }
        let commands = ManualPage.commands(of: root)
        let names = commands.map { "sluice-\($0.name)" }
        let first = ManualPage("sluice", root, [], names, version, listing: commands)
        return [first]
            + commands.map { command in
                let others = ["sluice"] + names.filter { $0 != "sluice-\(command.name)" }
                return ManualPage(
                    "sluice-\(command.name)",
                    command.value,
                    ManualPage.commands(of: command.value),
                    others,
                    version
                )
            }
    }

    private init(
        _ name: String,
        _ command: JSONValue,
        _ commands: [(name: String, value: JSONValue)],
        _ others: [String],
        _ version: String,
        listing listed: [(name: String, value: JSONValue)] = []
    ) {
        self.name = name
        text = ".TH \(ManualPage.plain(name.uppercased())) 1 \"\" \"sluice \(version)\" \"Sluice\"\n"
        let words = name.split(separator: "-", maxSplits: 1).joined(separator: " ")
        section("NAME")
        add("\(ManualPage.plain(name)) \\- \(ManualPage.plain(command[key: "abstract"]?.string ?? ""))")
        section("SYNOPSIS")
        if commands.isEmpty { synopsis(words, command) }
        for sub in commands { synopsis("\(words) \(sub.name)", sub.value) }
        section("DESCRIPTION")
        discussion(of: command)
        if commands.isEmpty {
            section("OPTIONS")
            arguments(of: command)
        } else {
            section("COMMANDS")
            for sub in commands {
                text += ".SS \(ManualPage.plain("\(words) \(sub.name)"))\n"
                add(ManualPage.plain(sub.value[key: "abstract"]?.string ?? ""))
                discussion(of: sub.value)
                arguments(of: sub.value)
            }
        }
        if !listed.isEmpty { list(listed) }
        section("SEE ALSO")
        add(others.map { "\\fB\(ManualPage.plain($0))\\fR(1)" }.joined(separator: ", "))
    }

    /// Names each command, with what it is for.
    private mutating func list(_ commands: [(name: String, value: JSONValue)]) {
        section("COMMANDS")
        for command in commands {
            let words = ManualPage.plain("sluice \(command.name)")
            text += ".TP\n\\fB\(words)\\fR\n\(ManualPage.plain(command.value[key: "abstract"]?.string ?? ""))\n"
        }
    }

    /// A command's own commands, but for the parser's `help`.
    private static func commands(of command: JSONValue) -> [(name: String, value: JSONValue)] {
        let all = command[key: "subcommands"]?.elements ?? []
        return all.compactMap { sub in sub[key: "commandName"]?.string.map { ($0, sub) } }.filter { $0.0 != "help" }
    }

    private mutating func section(_ title: String) {
        text += ".SH \(title)\n"
    }

    private mutating func add(_ line: String) {
        text += line + "\n"
    }

    private mutating func synopsis(_ words: String, _ command: JSONValue) {
        let shown = ManualPage.shown(command)
        let positional = shown.filter { $0[key: "kind"]?.string == "positional" }.map { argument in
            let name = argument[key: "valueName"]?.string ?? ""
            let word = argument[key: "isRepeating"]?.boolean == true ? "<\(name)> ..." : "<\(name)>"
            return argument[key: "isOptional"]?.boolean == true ? "[\(word)]" : word
        }
        let options = shown.count > positional.count ? ["[options]"] : []
        let line = ManualPage.plain((options + positional).joined(separator: " "))
        add("\\fB\(ManualPage.plain(words))\\fR \(line)")
        text += ".br\n"
    }

    /// What is said of a command at length, its examples as they are typed.
    private mutating func discussion(of command: JSONValue) {
        for paragraph in (command[key: "discussion"]?.string ?? "").split(separator: "\n\n") {
            var prose: [Substring] = []
            var examples: [Substring] = []
            for line in paragraph.split(separator: "\n") {
                if line.hasPrefix("Example: ") { examples.append(line.dropFirst(9)) } else { prose.append(line) }
            }
            if !prose.isEmpty { text += ".PP\n\(ManualPage.plain(prose.joined(separator: " ")))\n" }
            for example in examples { text += ".PP\n.RS 4\n.nf\n\(ManualPage.plain(String(example)))\n.fi\n.RE\n" }
        }
    }

    private mutating func arguments(of command: JSONValue) {
        for argument in ManualPage.shown(command) {
            let value = argument[key: "valueName"]?.string ?? ""
            let kind = argument[key: "kind"]?.string
            let names = argument[key: "names"]?.elements.compactMap(ManualPage.spelled) ?? []
            var head = names.map { "\\fB\(ManualPage.plain($0))\\fR" }.joined(separator: ", ")
            if kind == "positional" { head = "\\fI\(ManualPage.plain(value))\\fR" }
            if kind == "option" { head += " \\fI\(ManualPage.plain(value))\\fR" }
            text += ".TP\n\(head)\n\(ManualPage.plain(argument[key: "abstract"]?.string ?? ""))\n"
            if let values = argument[key: "allValues"]?.elements, !values.isEmpty {
                let words = values.compactMap(\.string).joined(separator: ", ")
                add(ManualPage.plain("One of: \(words)."))
            }
            if let usual = argument[key: "defaultValue"]?.string, !usual.isEmpty {
                add(ManualPage.plain("Without: \(usual)."))
            }
        }
    }

    private static func shown(_ command: JSONValue) -> [JSONValue] {
        (command[key: "arguments"]?.elements ?? []).filter { $0[key: "shouldDisplay"]?.boolean != false }
    }

    private static func spelled(_ name: JSONValue) -> String? {
        name[key: "name"]?.string.map { (name[key: "kind"]?.string == "long" ? "--" : "-") + $0 }
    }

    /// A text in which nothing is a request or an escape to roff.
    private static func plain(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return escaped.first.map { ".'".contains($0) } == true ? "\\&" + escaped : escaped
    }
}
