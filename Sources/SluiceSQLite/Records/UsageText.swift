import SluiceJSON
import SluiceTypes

/// The units of a usage as they are stored: a JSON object of whole numbers, in the order of their names.
enum UsageText {
    static func text(_ usage: Usage) -> String {
        let bytes = JSONWriter.bytes { writer in
            writer.object { object in
                for (unit, count) in usage.units.sorted(by: { $0.key < $1.key }) { object.member(unit, count) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The units in a text that ``text(_:)`` wrote; what is no whole number is left out.
    static func units(in text: String) -> [String: Int64] {
        guard let document = try? Document(indexing: Array(text.utf8)) else { return [:] }
        let counts = document.root.members.compactMap { unit, value in value.integer.map { (unit, $0) } }
        return Dictionary(counts) { first, _ in first }
    }
}
