import SluiceJSON
import SluiceTypes

/// The units of a usage as they are stored: a JSON object of whole numbers, in the order of their names.
enum UsageText {
    /// The longest text, in bytes.
    private static let longest = 4096

    /// As many of them as fit: units are an open set, and no list of them may keep an answer from being stored.
    static func text(_ units: [String: Int64]) -> String {
        var left = longest - 2
        let bytes = JSONWriter.bytes { writer in
            writer.object { object in
                for (unit, count) in units.sorted(by: { $0.key < $1.key }) {
                    // A name's bytes may be escaped, each by six at most; a number has 20, and there are quotes, colon and comma.
                    left -= 6 * unit.utf8.count + 24
                    guard left >= 0 else { return }
                    object.member(unit, count)
                }
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
