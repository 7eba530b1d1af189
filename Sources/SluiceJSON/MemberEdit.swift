/// One change to the members of a root object.
public enum MemberEdit: Sendable {
    /// Gives the member this value, which must be JSON text; appends the member where there is none.
    case set(String, [UInt8])
    /// Takes the member out; nothing happens where there is none.
    case remove(String)
    /// Renames the member, its value and place kept; takes the place of one that has the new name.
    case rename(String, to: String)
}

extension Document {
    /// This text with the members of its root object changed; all other bytes stay.
    ///
    /// The edits apply one after the other. A root that is no object is returned unchanged.
    ///
    /// - Throws: ``JSONError`` for a value that is not JSON text, with its place in that value, and for a result beyond
    ///   the limits this document was made with.
    public func applying(_ edits: [MemberEdit]) throws(JSONError) -> Document {
        guard root.kind == .object, !edits.isEmpty else { return self }
        var members = MemberList(self)
        for edit in edits {
            switch edit {
            case .set(let name, let value):
                // Each value by itself: `1,"other":2` would be JSON in its place, and is none.
                _ = try Document(value, limits: storage.limits)
                members.set(name, value)
            case .remove(let name): members.remove(name)
            case .rename(let name, let new): members.rename(name, to: new)
            }
        }
        // jansson has judged the text and every value, and no name occurs twice: their sum needs the scanner alone.
        return try Document(indexing: members.text, limits: storage.limits)
    }
}

extension Document {
    /// The text without the root object's member of that name, all other bytes kept; nil where there is none.
    ///
    /// It is what ``MemberEdit/remove(_:)`` leaves, without an index: for the many chunks of a stream.
    public func text(without name: String) -> [UInt8]? {
        guard root.kind == .object else { return nil }
        let entries = storage.tape.entries
        let places = Array(storage.tape.children(of: 0))
        guard let place = places.firstIndex(where: { entries[$0].hasKey(name, bytes) }) else { return nil }
        let isLast = place == places.count - 1
        // With the comma before it, and the first of several with the one behind.
        let before = place == 0 ? entries[0].start : comma(after: entries[places[place - 1]].end)
        let end = entries[places[place]].end
        let (from, to) =
            switch (place == 0, isLast) {
            case (true, true): (before + 1, end)
            case (true, false): (before + 1, comma(after: end) + 1)
            case (false, true): (before, end)
            case (false, false): (before, comma(after: end))
            }
        var text = bytes
        text.removeSubrange(from..<to)
        return text
    }

    /// Where the comma stands behind a member that is not the last.
    private func comma(after end: Int) -> Int {
        bytes[end...].firstIndex(of: UInt8(ascii: ",")) ?? end
    }
}

/// The members of a root object, taken apart so that each part can be copied or replaced.
private struct MemberList {
    /// Bytes of the original, or bytes in their place.
    private enum Part {
        case kept(Range<Int>)
        case new([UInt8])
    }

    private struct Member {
        /// The decoded name, as UTF-8.
        var name: [UInt8]
        /// What stands between the comma before and the name.
        var before: Part = .new([])
        /// The name with its quotation marks.
        var key: Part
        var colon: Part = .new([UInt8(ascii: ":")])
        var value: Part
        /// What stands between the value and the comma that follows.
        var after: Part = .new([])
    }

    private let original: [UInt8]
    private var members: [Member] = []
    /// All up to and with the opening brace.
    private let head: Range<Int>
    /// All from the last value to the end of the text.
    private let tail: Range<Int>

    init(_ document: Document) {
        let tape = document.storage.tape
        original = document.bytes
        let root = tape.entries[0]
        head = 0..<root.start + 1
        var end = head.upperBound
        for index in tape.children(of: 0) {
            let entry = tape.entries[index]
            if !members.isEmpty {
                // Between two members there is nothing but white space and the comma.
                let comma = original[end...].firstIndex(of: UInt8(ascii: ",")) ?? end
                members[members.count - 1].after = .kept(end..<comma)
                end = comma + 1
            }
            members.append(
                Member(
                    name: entry.decodedKey(original),
                    before: .kept(end..<entry.keyStart - 1),
                    key: .kept(entry.keyStart - 1..<entry.keyEnd + 1),
                    colon: .kept(entry.keyEnd + 1..<entry.start),
                    value: .kept(entry.bytes)
                )
            )
            end = entry.end
        }
        tail = end..<original.count
    }

    mutating func set(_ name: String, _ value: [UInt8]) {
        if let place = place(of: name) {
            members[place].value = .new(value)
        } else {
            members.append(Member(name: Array(name.utf8), key: .new(MemberList.spelling(name)), value: .new(value)))
        }
    }

    mutating func remove(_ name: String) {
        guard let place = place(of: name) else { return }
        members.remove(at: place)
    }

    mutating func rename(_ name: String, to new: String) {
        guard !name.utf8.elementsEqual(new.utf8), let place = place(of: name) else { return }
        let other = self.place(of: new)
        members[place].name = Array(new.utf8)
        members[place].key = .new(MemberList.spelling(new))
        if let other { members.remove(at: other) }
    }

    /// The whole text, put together anew.
    var text: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(original.count + 256)
        text += original[head]
        for (place, member) in members.enumerated() {
            if place > 0 { text.append(UInt8(ascii: ",")) }
            for part in [member.before, member.key, member.colon, member.value, member.after] {
                switch part {
                case .kept(let range): text += original[range]
                case .new(let bytes): text += bytes
                }
            }
        }
        text += original[tail]
        return text
    }

    private func place(of name: String) -> Int? {
        members.firstIndex { $0.name.elementsEqual(name.utf8) }
    }

    private static func spelling(_ name: String) -> [UInt8] {
        JSONWriter.bytes { $0.value(name) }
    }
}
