public import SluiceJSON

extension [HeaderField] {
    /// The fields as one JSON object: a name with one value has a string, a name with several an array of strings, in their order.
    ///
    /// Names that differ in the case of their letters are one name (RFC 9110, 5.1), and written in small letters.
    public var json: [UInt8] {
        var values: [String: [String]] = [:]
        for field in self { values[field.name.lowercased(), default: []].append(field.value) }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                for (name, values) in values.sorted(by: { $0.key < $1.key }) {
                    if values.count == 1 {
                        writer.member(name, values[0])
                    } else {
                        writer.member(name, array: { writer in for value in values { writer.value(value) } })
                    }
                }
            }
        }
    }

    /// Reads what ``json`` wrote; what has another shape is passed over.
    ///
    /// - Throws: `JSONError` for what is no JSON.
    public init(json: [UInt8]) throws(JSONError) {
        self = try Document(indexing: json).root.members.flatMap { name, value in
            (value.kind == .array ? value.elements : [value]).compactMap(\.string).map { HeaderField(name, $0) }
        }
    }
}
