/// Changes to a text, each at the place of one of its values; all other bytes stay as they are.
///
/// It is for what ``Document/applying(_:)`` can't say: changes further in than the root's members, and elements that are cut out of
/// an array. Nothing is checked by jansson, so what is put in must be JSON text. A change within something that another change takes
/// away is lost with it.
public struct Splice: Sendable {
    private struct Change {
        var range: Range<Int>
        var text: [UInt8]
    }

    private let storage: Document.Storage
    /// What is written in the end.
    private let whole: Range<Int>
    private var changes: [Change] = []

    /// Begins with a whole text, blanks around its value included.
    public init(_ document: Document) {
        storage = document.storage
        whole = 0..<storage.text.count
    }

    /// Begins with the bytes of one value.
    public init(_ value: JSONValue) {
        storage = value.storage
        whole = storage.tape.entries[value.index].bytes
    }

    /// True while nothing is changed.
    public var isEmpty: Bool { changes.isEmpty }

    /// Puts JSON text in the place of a value.
    public mutating func replace(_ value: JSONValue, by text: [UInt8]) {
        guard value.storage === storage else { return }
        changes.append(Change(range: storage.tape.entries[value.index].bytes, text: text))
    }

    /// Cuts members out of an object and gives it others, each a JSON text; a member that is there already keeps its place.
    ///
    /// A text that was only indexed may have a name twice: all such members are cut, and of those that are set the first stays.
    public mutating func change(
        _ object: JSONValue,
        cutting names: [String] = [],
        setting members: [(name: String, value: [UInt8])] = []
    ) {
        guard object.kind == .object, object.storage === storage else { return }
        let entries = storage.tape.entries
        let children = Array(storage.tape.children(of: object.index))
        var isSet = [Bool](repeating: false, count: members.count)
        let isCut = children.map { child in
            if names.contains(where: { entries[child].hasKey($0, storage.text) }) { return true }
            guard let place = members.firstIndex(where: { entries[child].hasKey($0.name, storage.text) }) else {
                return false
            }
            guard !isSet[place] else { return true }
            isSet[place] = true
            changes.append(Change(range: entries[child].bytes, text: members[place].value))
            return false
        }
        cut(children, isCut)
        var isAfterMember = isCut.contains(false)
        let end = entries[object.index].end - 1
        for (member, isSet) in zip(members, isSet) where !isSet {
            let comma = isAfterMember ? [UInt8(ascii: ",")] : []
            changes.append(Change(range: end..<end, text: comma + Splice.spelling(member)))
            isAfterMember = true
        }
    }

    /// Cuts elements out of an array.
    public mutating func cut(from array: JSONValue, where isCut: (JSONValue) -> Bool) {
        guard array.kind == .array, array.storage === storage else { return }
        let children = Array(storage.tape.children(of: array.index))
        cut(children, children.map { isCut(JSONValue(storage: storage, index: $0)) })
    }

    /// The text with all changes.
    public var text: [UInt8] {
        let sorted = changes.sorted { left, right in
            left.range.lowerBound == right.range.lowerBound
                ? left.range.upperBound > right.range.upperBound : left.range.lowerBound < right.range.lowerBound
        }
        var text: [UInt8] = []
        text.reserveCapacity(changes.reduce(whole.count) { $0 + $1.text.count })
        var place = whole.lowerBound
        for change in sorted where change.range.lowerBound >= place && change.range.upperBound <= whole.upperBound {
            text += storage.text[place..<change.range.lowerBound]
            text += change.text
            place = change.range.upperBound
        }
        text += storage.text[place..<whole.upperBound]
        return text
    }

    /// Takes children out of their container, each with the comma before it, and the first ones with the comma behind.
    private mutating func cut(_ children: [Int], _ isCut: [Bool]) {
        let entries = storage.tape.entries
        var hasKept = false
        for (place, child) in children.enumerated() {
            guard isCut[place] else {
                hasKept = true
                continue
            }
            let from = hasKept ? comma(after: entries[children[place - 1]].end) : Splice.start(entries[child])
            let isLast = place == children.count - 1
            let to = hasKept || isLast ? entries[child].end : Splice.start(entries[children[place + 1]])
            changes.append(Change(range: from..<to, text: []))
        }
    }

    /// Where an element starts, or a member with its name.
    private static func start(_ entry: Tape.Entry) -> Int { entry.keyStart > 0 ? entry.keyStart - 1 : entry.start }

    /// Where the comma stands behind a child that is not the last: between two there is nothing else but white space.
    private func comma(after end: Int) -> Int { storage.text[end...].firstIndex(of: UInt8(ascii: ",")) ?? end }

    private static func spelling(_ member: (name: String, value: [UInt8])) -> [UInt8] {
        JSONWriter.bytes { $0.value(member.name) } + [UInt8(ascii: ":")] + member.value
    }
}
