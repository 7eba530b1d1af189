import SluiceJSON

/// A JSON value that is put together of the pieces which the chunks of a stream bring of it.
///
/// What is copied keeps its spelling, so that a pair of surrogates that was cut between two chunks is whole again.
indirect enum GrowingJSON: Sendable {
    /// A number, a boolean or null.
    case scalar([UInt8])
    /// What stands between a string's quotation marks.
    case string([UInt8])
    case array([Element])
    case object([Member])

    struct Element: Sendable {
        /// Its number, where it names one: pieces of one number are one element.
        var number: Int64?
        var value: GrowingJSON
    }

    struct Member: Sendable {
        var name: String
        var value: GrowingJSON
    }

    /// Members that name something, and never come in pieces.
    private static let whole: Set<String> = ["role", "type", "id", "index"]
    private static let name = "name"
    private static let number = "index"

    init(_ value: JSONValue) {
        switch value.kind {
        case .number, .boolean, .null: self = .scalar(Array(value.bytes))
        case .string: self = .string(Array(value.bytes.dropFirst().dropLast()))
        case .array: self = .array(value.elements.map { Element($0) })
        case .object: self = .object(value.members.map { Member(name: $0.key, value: GrowingJSON($0.value)) })
        }
    }

    /// True for null, "", [] and {}, which say nothing.
    var isBlank: Bool {
        switch self {
        case .scalar(let bytes): bytes.first == UInt8(ascii: "n")
        case .string(let bytes): bytes.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        }
    }

    subscript(name: String) -> GrowingJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    // MARK: Growing

    /// Puts `value` in its place, unless it says nothing.
    mutating func replace(with value: JSONValue) {
        let new = GrowingJSON(value)
        if isBlank || !new.isBlank { self = new }
    }

    /// Changes a member, or adds one.
    mutating func change(_ name: String, _ value: JSONValue, _ change: (inout GrowingJSON) -> Void) {
        guard case .object(var members) = self else { return }
        // Nothing else holds the members while they change: else each piece would copy all there is.
        self = .object([])
        if let place = members.firstIndex(where: { $0.name == name }) {
            change(&members[place].value)
        } else {
            members.append(Member(name: name, value: GrowingJSON(value)))
        }
        self = .object(members)
    }

    /// Adds the next piece: strings are joined, elements of arrays by their numbers, or else at the end, objects member by
    /// member; of anything else the last counts.
    mutating func join(_ piece: JSONValue) {
        switch (self, piece.kind) {
        case (_, .null): break
        case (.string(var text), .string):
            self = .scalar([])
            text += piece.bytes.dropFirst().dropLast()
            self = .string(text)
        case (.array(var elements), .array):
            self = .scalar([])
            for element in piece.elements { GrowingJSON.join(element, to: &elements) }
            self = .array(elements)
        case (.object, .object):
            for (name, value) in piece.members { change(name, value) { $0.join(value, named: name) } }
        // A content that begins as text and goes on in parts, or the other way round.
        case (.string(let text), .array) where !text.isEmpty:
            self = .array([Element(number: nil, value: GrowingJSON.part(text))] + piece.elements.map { Element($0) })
        case (.array(let elements), .string) where !elements.isEmpty:
            let text = piece.bytes.dropFirst().dropLast()
            if !text.isEmpty { self = .array(elements + [Element(number: nil, value: GrowingJSON.part(Array(text)))]) }
        default: replace(with: piece)
        }
    }

    private mutating func join(_ piece: JSONValue, named name: String) {
        guard piece.kind == .string else { return join(piece) }
        if GrowingJSON.whole.contains(name) { return replace(with: piece) }
        // Some providers repeat the name of a tool with each piece of its arguments.
        if name == GrowingJSON.name, case .string(let known) = self, piece.bytes.dropFirst().dropLast() == known[...] {
            return
        }
        join(piece)
    }

    private static func join(_ piece: JSONValue, to elements: inout [Element]) {
        let number = piece[key: GrowingJSON.number]?.integer
        // The last of them: some providers give several calls of tools one number.
        guard let number, let place = elements.lastIndex(where: { $0.number == number }),
            !isAnother(piece, than: elements[place].value)
        else { return elements.append(Element(piece)) }
        elements[place].value.join(piece)
    }

    private static func isAnother(_ piece: JSONValue, than known: GrowingJSON) -> Bool {
        guard let id = piece[key: "id"], id.kind == .string, id.bytes.count > 2,
            case .string(let knownID)? = known["id"], !knownID.isEmpty
        else { return false }
        return id.bytes.dropFirst().dropLast() != knownID[...]
    }

    private static func part(_ text: [UInt8]) -> GrowingJSON {
        .object([
            Member(name: "type", value: .string(Array("text".utf8))), Member(name: "text", value: .string(text)),
        ])
    }

    // MARK: Writing

    func write(to writer: inout JSONWriter) {
        switch self {
        case .scalar(let bytes): writer.raw(bytes)
        case .string(let bytes): writer.raw([UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")])
        case .array(let elements):
            writer.array { writer in for element in elements { element.value.write(to: &writer) } }
        case .object(let members): writer.object { GrowingJSON.write(members, to: &$0) }
        }
    }

    static func write(_ members: [Member], to writer: inout JSONWriter) {
        for member in members {
            writer.key(member.name)
            member.value.write(to: &writer)
        }
    }
}

extension GrowingJSON.Element {
    fileprivate init(_ value: JSONValue) {
        self.init(number: value[key: "index"]?.integer, value: GrowingJSON(value))
    }
}
