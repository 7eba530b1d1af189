import SluiceJSON
import SluiceStore
import SluiceTypes

/// The units of a usage as they are stored: a JSON object of whole numbers, in the order of their names.
enum UsageText {
    /// The longest text, in bytes.
    private static let longest = 4096
    private static let longestParts = 16384

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
        return units(of: document.root)
    }

    private static func units(of object: JSONValue) -> [String: Int64] {
        let counts = object.members.compactMap { unit, value in value.integer.map { (unit, $0) } }
        return Dictionary(counts) { first, _ in first }
    }

    /// The terms of a call as an object of texts; nil for none.
    static func text(terms: [String: String]) -> String? {
        guard !terms.isEmpty else { return nil }
        let bytes = JSONWriter.bytes { writer in
            writer.object { object in
                for (name, value) in terms.sorted(by: { $0.key < $1.key }) { object.member(name, value) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The terms in a text that ``text(terms:)`` wrote.
    static func terms(in text: String) -> [String: String] {
        guard let document = try? Document(indexing: Array(text.utf8)) else { return [:] }
        let values = document.root.members.compactMap { name, value in value.string.map { (name, $0) } }
        return Dictionary(values) { first, _ in first }
    }

    /// The parts of an answer, each an array of its model, or null, and its units; nil for none.
    static func text(parts: [UsagePart]) -> String? {
        guard !parts.isEmpty else { return nil }
        let bytes = JSONWriter.bytes { writer in
            writer.array { writer in
                for part in parts {
                    writer.array { writer in
                        if let model = part.model { writer.value(model) } else { writer.null() }
                        writer.raw(text(part.units).utf8)
                    }
                }
            }
        }
        guard bytes.count <= longestParts else { return text(parts: LedgerEntry.tooManyParts) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The parts in a text that ``text(parts:)`` wrote.
    static func parts(in text: String) -> [UsagePart] {
        guard let document = try? Document(indexing: Array(text.utf8)) else { return [] }
        return document.root.elements.map { part in
            let members = part.elements
            return UsagePart(model: members.first?.string, units: members.last.map { units(of: $0) } ?? [:])
        }
    }
}
