import SluiceJSON

/// The names of what was left out of a request, as they are stored: a JSON array of strings.
enum DroppedText {
    /// As many bytes as the column takes.
    static let mostBytes = 16_384

    /// The text of as many of the names, from the first on, as the column takes.
    static func text(_ names: [String]) -> String {
        var writer = JSONWriter()
        writer.array { array in
            for name in names {
                let size = JSONWriter.bytes { $0.value(name) }.count
                // What closes the array, and the comma before the name.
                guard array.bytes.count + size + 2 <= mostBytes else { break }
                array.value(name)
            }
        }
        return writer.bytesAsString
    }

    /// The names in a text that ``text(_:)`` wrote; none in any other.
    static func names(in text: String) -> [String] {
        guard let document = try? Document(indexing: Array(text.utf8)) else { return [] }
        return document.root.elements.compactMap(\.string)
    }
}
