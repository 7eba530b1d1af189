import SluiceJSON

extension JSONValue {
    /// True for null, "", [] and {}, and for what holds nothing but these brackets: they say nothing of an answer.
    var isBlank: Bool {
        switch kind {
        case .null: true
        case .string: bytes.count <= 2
        case .array, .object: !bytes.contains { !"[]{} \t\r\n".utf8.contains($0) }
        case .number, .boolean: false
        }
    }
}
