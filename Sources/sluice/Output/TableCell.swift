/// What stands in a place of a table.
struct TableCell: Hashable, ExpressibleByStringLiteral {
    /// How good it is.
    enum Tone: String {
        case plain = ""
        case good = "32"
        case middling = "33"
        case bad = "31"
    }

    /// For scripts, and where there is room.
    var full: String
    /// For a line that must fit.
    var short: String
    var tone = Tone.plain

    init(_ text: String, short: String? = nil, tone: Tone = .plain) {
        full = text
        self.short = short ?? text
        self.tone = tone
    }

    init(stringLiteral text: String) { self.init(text) }

    /// `text`, which stands in the place of this cell, in its colour.
    func painted(_ text: String) -> String { tone == .plain ? text : "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m" }
}
