/// A pattern for names in lower case: `*` stands for any run of characters, an empty one included, `#` for one digit.
///
/// With `!` in front it is for names that don't fit.
struct NamePattern: Hashable, Sendable {
    private let pieces: [[UInt8]]
    private let isNegated: Bool

    /// Takes a pattern in lower case; every text is one.
    init(_ text: String) {
        isNegated = text.utf8.first == UInt8(ascii: "!")
        let body = isNegated ? text.dropFirst() : text[...]
        pieces = body.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    }

    /// The name that alone fits; nil for a pattern with wildcards.
    var literal: String? {
        guard !isNegated, pieces.count == 1, !pieces[0].contains(UInt8(ascii: "#")) else { return nil }
        return String(decoding: pieces[0], as: UTF8.self)
    }

    /// How well a name in lower case fits.
    func fit(_ name: [UInt8]) -> NameFit {
        guard !isNegated else { return matches(name) ? .none : .exact }
        guard matches(name) else { return .none }
        return pieces.count == 1 || hasOnlyDates(name[...], pieces[...]) ? .exact : .approximate
    }

    private func matches(_ name: [UInt8]) -> Bool {
        var rest = name[...]
        guard NamePattern.starts(rest, with: pieces[0]) else { return false }
        rest = rest.dropFirst(pieces[0].count)
        guard pieces.count > 1, let last = pieces.last else { return rest.isEmpty }
        guard NamePattern.starts(rest.suffix(last.count), with: last) else { return false }
        rest = rest.dropLast(last.count)
        // Each middle piece is taken at its first place: a later one could only leave less room for the next.
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let place = rest.indices.first(where: { NamePattern.starts(rest[$0...], with: piece) }) else {
                return false
            }
            rest = rest[place...].dropFirst(piece.count)
        }
        return true
    }

    /// Tells whether each `*` can stand for nothing or a date.
    private func hasOnlyDates(_ name: ArraySlice<UInt8>, _ pieces: ArraySlice<[UInt8]>) -> Bool {
        guard let piece = pieces.first, NamePattern.starts(name, with: piece) else { return false }
        let rest = name.dropFirst(piece.count)
        guard pieces.count > 1 else { return rest.isEmpty }
        let following = pieces.dropFirst()
        if hasOnlyDates(rest, following) { return true }
        return NameDate.lengths(atStartOf: rest).contains { hasOnlyDates(rest.dropFirst($0), following) }
    }

    private static func starts(_ name: ArraySlice<UInt8>, with piece: [UInt8]) -> Bool {
        guard name.count >= piece.count else { return false }
        for (byte, wanted) in zip(name, piece)
        where wanted == UInt8(ascii: "#") ? !NameDate.isDigit(byte) : byte != wanted {
            return false
        }
        return true
    }
}
