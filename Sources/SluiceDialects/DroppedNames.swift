/// The names of what was left out of a request, as they are told to its caller: the value of `x-sluice-dropped`.
///
/// Each name is told once, in the order of the leaving out.
public struct DroppedNames: Sendable, Hashable {
    /// The header field's name, in small letters.
    public static let field = "x-sluice-dropped"
    /// How long the value may be, in bytes.
    public static let longest = 1 << 10

    /// The names; each is there once.
    public private(set) var names: [String] = []

    /// Creates a list.
    public init(_ names: some Sequence<String> = []) {
        for name in names { add(name) }
    }

    /// Adds a name, where it is not there yet.
    public mutating func add(_ name: String) {
        if !names.contains(name) { names.append(name) }
    }

    /// Adds names.
    public mutating func add(_ names: some Sequence<String>) {
        for name in names { add(name) }
    }

    /// The field's value, names after each other with a comma between them; nil where there is nothing to tell.
    ///
    /// It ends before the first name that would be too much. What can't stand in a header field, or would be taken for a comma, is an
    /// underscore in it: names of items come from callers and providers.
    public var value: String? {
        var value = ""
        for name in names where !name.isEmpty {
            let word = String(
                decoding: name.utf8.prefix(DroppedNames.longest + 1).map(DroppedNames.visible),
                as: UTF8.self
            )
            let longer = value.isEmpty ? word : value + "," + word
            guard longer.utf8.count <= DroppedNames.longest else { break }
            value = longer
        }
        return value.isEmpty ? nil : value
    }

    private static func visible(_ byte: UInt8) -> UInt8 {
        (0x21...0x7E).contains(byte) && byte != UInt8(ascii: ",") ? byte : UInt8(ascii: "_")
    }
}
