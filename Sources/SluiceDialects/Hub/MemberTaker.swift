import SluiceJSON
import SluiceProvider
import SluiceTypes

/// The members of an object, each of which is taken once: what nobody takes is kept for its own dialect.
///
/// A member of a kind that nobody expects is not taken, and so is kept as it is. Null is taken for no member at all.
struct MemberTaker {
    private let dialect: RequestFormat
    private var rest: [(key: String, value: JSONValue)]

    /// Begins with all members; an absent object has none.
    init(_ object: JSONValue?, _ dialect: RequestFormat) {
        self.dialect = dialect
        rest = object?.members ?? []
    }

    /// True when nothing is left.
    var isEmpty: Bool { rest.isEmpty }

    /// Whether `name` is still there, and not null.
    func has(_ name: String) -> Bool { rest.contains { $0.key == name && !$0.value.isNull } }

    /// Takes a member of one of these kinds.
    mutating func take(_ name: String, _ kinds: JSONValue.Kind...) -> JSONValue? {
        guard let place = rest.firstIndex(where: { $0.key == name }) else { return nil }
        let value = rest[place].value
        guard value.isNull || kinds.contains(value.kind) else { return nil }
        rest.remove(at: place)
        return value.isNull ? nil : value
    }

    /// Takes a member whatever it is.
    mutating func any(_ name: String) -> SpelledJSON? {
        take(name, .string, .number, .boolean, .array, .object).map { SpelledJSON($0) }
    }

    mutating func text(_ name: String) -> SpelledText? { SpelledText(take(name, .string)) }

    mutating func number(_ name: String) -> SpelledJSON? { take(name, .number).map { SpelledJSON($0) } }

    mutating func boolean(_ name: String) -> Bool? { take(name, .boolean)?.boolean }

    mutating func object(_ name: String) -> JSONValue? { take(name, .object) }

    mutating func array(_ name: String) -> JSONValue? { take(name, .array) }

    /// Takes a member out that something else has told.
    mutating func drop(_ name: String) { rest.removeAll { $0.key == name } }

    /// Takes a wish for the cache.
    mutating func cache() -> HubForeign? { any("cache_control").map { HubForeign(dialect, $0) } }

    /// What is left, as members of the object called `parent`.
    func left(in parent: String? = nil) -> [HubMember] {
        rest.map { HubMember(dialect, parent: parent, $0.key, SpelledJSON($0.value)) }
    }
}

extension JSONWriter {
    /// Writes those of `members` that `dialect` understands, and that stood in the object called `parent`.
    mutating func rest(_ members: [HubMember], of dialect: RequestFormat, in parent: String? = nil) {
        for member in members where member.dialect == dialect && member.parent == parent {
            self.member(member.name, member.value)
        }
    }

    /// Writes a member that `dialect` alone understands; nothing where it is another's.
    mutating func member(_ name: String, _ foreign: HubForeign?, of dialect: RequestFormat) {
        guard let foreign, foreign.dialect == dialect else { return }
        member(name, foreign.value)
    }
}

extension HubOther {
    /// The value, where `dialect` understands it.
    func value(for dialect: RequestFormat) -> SpelledJSON? { foreign.dialect == dialect ? foreign.value : nil }
}

extension Collection<HubMember> {
    /// Whether one of them is `dialect`'s own and has this name: what is malformed is kept so, and must not be told twice.
    func has(own name: String, of dialect: RequestFormat) -> Bool {
        contains { $0.dialect == dialect && $0.parent == nil && $0.name == name }
    }

    /// Whether some of them stand in the object called `parent` of `dialect`.
    func has(_ parent: String, of dialect: RequestFormat) -> Bool {
        contains { $0.dialect == dialect && $0.parent == parent }
    }
}
