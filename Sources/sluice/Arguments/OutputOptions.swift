import ArgumentParser
import SluiceJSON

/// How a command answers.
struct OutputOptions: ParsableArguments {
    /// How a list is laid out on a terminal.
    enum Layout: String, ExpressibleByArgument, CaseIterable {
        case wide
    }

    @Flag(name: .customLong("json"), help: "Print JSON for scripts instead of text for people; errors too.")
    var isJSON = false

    @Option(help: "Of JSON only these members, as in --fields id,status; --json=id,status is the same.")
    var fields: String?

    @Option(
        name: .customShort("o"),
        help: "On a terminal: wide shows lists with all columns, whatever fits on a line. A pipe gets them in any case."
    )
    var layout: Layout?

    var json: Bool { isJSON || fields != nil }
    var isWide: Bool { layout == .wide }

    /// Prints an answer as JSON, of lists and objects the members that were asked for.
    ///
    /// - Throws: ``Failure`` for a member that is not there; ``OutputError``.
    func show(_ answer: Document) throws {
        guard let fields else { return try Console.json(answer.bytes) }
        try Console.json(try JSONFields(fields).picked(from: answer.root))
    }
}
