import SluiceJSON

extension JSONWriter {
    /// Writes a key and an array of strings; nothing at all for an empty one.
    mutating func list(_ name: String, _ texts: [String]) {
        guard !texts.isEmpty else { return }
        member(
            name,
            array: { writer in
                for text in texts { writer.value(text) }
            }
        )
    }
}
