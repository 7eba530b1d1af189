import SluiceJSON

/// An object of a price table while it is read: what nobody has taken at its end isn't known.
struct TableObject {
    let value: JSONValue
    private var rest: [(key: String, value: JSONValue)]

    init(_ value: JSONValue) throws(PriceTableFault) {
        guard value.kind == .object else { throw PriceTableFault("this is no object", at: value) }
        self.value = value
        rest = value.members
    }

    mutating func take(_ key: String) -> JSONValue? {
        guard let index = rest.firstIndex(where: { $0.key == key }) else { return nil }
        return rest.remove(at: index).value
    }

    mutating func required(_ key: String) throws(PriceTableFault) -> JSONValue {
        guard let member = take(key) else { throw PriceTableFault("\(key) is missing", at: value) }
        return member
    }

    mutating func string(_ key: String) throws(PriceTableFault) -> String? {
        guard let member = take(key) else { return nil }
        return try TableObject.text(member)
    }

    mutating func strings(_ key: String) throws(PriceTableFault) -> [String] {
        guard let member = take(key) else { return [] }
        return try TableObject.texts(member)
    }

    mutating func integer(_ key: String) throws(PriceTableFault) -> Int64 {
        let member = try required(key)
        guard let number = member.integer else { throw PriceTableFault("this is no whole number", at: member) }
        return number
    }

    mutating func count(_ key: String) throws(PriceTableFault) -> Int64? {
        guard let member = take(key) else { return nil }
        return try TableObject.count(member)
    }

    /// The elements of an array; none where the member is missing.
    mutating func array(_ key: String) throws(PriceTableFault) -> [JSONValue] {
        guard let member = take(key) else { return [] }
        guard member.kind == .array else { throw PriceTableFault("this is no array", at: member) }
        return member.elements
    }

    /// Refuses what was not taken.
    func end() throws(PriceTableFault) {
        guard let member = rest.first else { return }
        throw PriceTableFault("nothing is known of \(member.key.prefix(64))", at: member.value)
    }

    static func text(_ value: JSONValue) throws(PriceTableFault) -> String {
        guard let text = value.string else { throw PriceTableFault("this is no text", at: value) }
        return text
    }

    static func texts(_ value: JSONValue) throws(PriceTableFault) -> [String] {
        guard value.kind == .array else { throw PriceTableFault("this is no array", at: value) }
        var result: [String] = []
        for element in value.elements { result.append(try text(element)) }
        return result
    }

    static func count(_ value: JSONValue) throws(PriceTableFault) -> Int64 {
        guard let count = value.integer, count > 0 else { throw PriceTableFault("this is no count", at: value) }
        return count
    }
}

extension PriceTableFault {
    init(_ sentence: String, at value: JSONValue) {
        self.init(sentence, pointer: value.pointer, position: value.position)
    }
}
