/// What a span or a point of a metric says of itself.
struct Attribute: Sendable, Hashable {
    enum Value: Sendable, Hashable {
        case string(String)
        case integer(Int64)
        case strings([String])
    }

    var name: String
    var value: Value

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = .string(value)
    }

    init(_ name: String, _ value: some BinaryInteger) {
        self.name = name
        self.value = .integer(Int64(clamping: value))
    }

    init(_ name: String, _ values: [String]) {
        self.name = name
        value = .strings(values)
    }
}

extension WireWriter {
    /// A list of `KeyValue`, without those whose value is an empty text.
    mutating func attributes(_ number: Int, _ attributes: [Attribute]) {
        messages(number, "attributes", attributes.filter { $0.value != .string("") }) { writer, attribute in
            writer.string(1, "key", attribute.name)
            writer.message(2, "value") { $0.value(attribute.value) }
        }
    }

    /// The members of an `AnyValue`.
    private mutating func value(_ value: Attribute.Value) {
        switch value {
        case .string(let text): string(1, "stringValue", text)
        case .integer(let number): integer(3, "intValue", number)
        case .strings(let texts):
            message(5, "arrayValue") { $0.messages(1, "values", texts) { $0.string(1, "stringValue", $1) } }
        }
    }
}
