import SluiceJSON
import SluiceTypes

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

    /// A moment; where lines must fit, how long ago it was, or how far ahead it is.
    static func age(_ value: JSONValue?, at now: Timestamp = .now()) -> TableCell {
        guard let moment = value?.string.flatMap({ Timestamp(rfc3339: $0) }) else { return TableCell(moment(value)) }
        return TableCell(Cell.moment(value), short: Age.text(of: moment, at: now))
    }

    /// A job's id; where lines must fit, as much of its beginning as commands need to know it.
    static func id(_ value: JSONValue?) -> TableCell {
        let text = text(value)
        return TableCell(text, short: text.utf8.count == 36 ? String(text.prefix(23)) : text)
    }

    /// A job's state.
    static func state(_ value: JSONValue?) -> TableCell {
        let text = text(value)
        switch text {
        case "succeeded": return TableCell(text, tone: .good)
        case "dead": return TableCell(text, tone: .bad)
        case "queued", "running": return TableCell(text, tone: .middling)
        default: return TableCell(text)
        }
    }

    /// An array of strings, separated by commas; `-` for an empty one or none.
    static func list(_ value: JSONValue?, none: String = "-") -> String {
        let texts = (value?.elements ?? []).compactMap(\.string)
        return texts.isEmpty ? none : texts.joined(separator: ",")
    }
}
