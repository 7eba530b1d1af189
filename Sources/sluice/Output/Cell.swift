import SluiceJSON

/// Values of an answer as cells of a table.
enum Cell {
    /// A string, number or boolean as text; `none` for null, nothing, and anything else.
    static func text(_ value: JSONValue?, none: String = "-") -> String {
        guard let value else { return none }
        switch value.kind {
        case .string: return value.string ?? none
        case .number, .boolean: return String(decoding: value.bytes, as: UTF8.self)
        case .null, .object, .array: return none
        }
    }

    /// A moment to the second: `2026-11-24 19:05:47Z`.
    static func moment(_ value: JSONValue?) -> String {
        guard let text = value?.string, text.utf8.count == 24, text.hasSuffix("Z") else { return self.text(value) }
        return text.dropLast(5).split(separator: "T").joined(separator: " ") + "Z"
    }

    /// An array of strings, separated by commas; `-` for an empty one or none.
    static func list(_ value: JSONValue?, none: String = "-") -> String {
        let texts = (value?.elements ?? []).compactMap(\.string)
        return texts.isEmpty ? none : texts.joined(separator: ",")
    }
}
