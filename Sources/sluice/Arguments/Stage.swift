import ArgumentParser

/// The prefix under which the original paths are served as well: one segment of a path, or nothing.
struct Stage: Hashable, Sendable, ExpressibleByArgument {
    var name: String

    init(_ name: String) {
        self.name = name
    }

    init?(argument: String) {
        guard argument.utf8.count <= 64, argument.utf8.allSatisfy(Stage.isUnreserved),
            ![".", ".."].contains(argument)
        else { return nil }
        name = argument
    }

    var defaultValueDescription: String { name }

    /// As RFC 3986 has it, section 2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte | 0x20) || "-._~".utf8.contains(byte)
    }
}
