/// The index of a text: one entry per value, in the order in which the values start.
///
/// A container's children follow it directly, so an entry's first child is the next entry and its next sibling stands
/// at ``Entry/after``.
struct Tape: Sendable {
    struct Entry: Sendable {
        var kind: JSONValue.Kind
        /// The value is a string with an escape in it.
        var isEscaped = false
        /// The key has an escape in it.
        var isKeyEscaped = false
        /// The value is a number without fraction and exponent.
        var isInteger = false
        /// The container's entry; -1 for the root.
        var parent: Int32
        /// The entry that follows this value and all that is in it.
        var after: Int32
        /// The value's bytes.
        var start: Int
        var end: Int
        /// The key's bytes between its quotation marks; both 0 where there is no key.
        var keyStart: Int
        var keyEnd: Int

        var bytes: Range<Int> { start..<end }
        var key: Range<Int> { keyStart..<keyEnd }
        /// A string's bytes between its quotation marks.
        var content: Range<Int> { start + 1..<end - 1 }
    }

    var entries: [Entry] = []
    /// How many of them are arrays and objects.
    var containers = 0
    /// Some integer is beyond 64 bits.
    var hasBigInteger = false

    /// The entries of a container's children.
    func children(of parent: Int) -> Children {
        Children(entries: entries, upcoming: parent + 1, end: entries[parent].after)
    }

    struct Children: Sequence, IteratorProtocol {
        fileprivate let entries: [Entry]
        fileprivate var upcoming: Int
        fileprivate let end: Int32

        mutating func next() -> Int? {
            guard upcoming < end else { return nil }
            defer { upcoming = Int(entries[upcoming].after) }
            return upcoming
        }
    }
}
