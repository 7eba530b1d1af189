import SluiceJSON

extension JSONWriter {
    /// Writes a key and an array of strings.
    mutating func member(_ name: String, strings: [String]) {
        member(name, array: { array in for text in strings { array.value(text) } })
    }

    /// Writes a key and an array of strings; nothing at all for an empty one.
    mutating func memberIfAny(_ name: String, strings: [String]) {
        if !strings.isEmpty { member(name, strings: strings) }
    }
}
