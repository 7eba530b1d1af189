import ArgumentParser

/// How much of the disk is set aside: a number of bytes with its unit, or `none`.
struct Reserve: Hashable, Sendable {
    /// 0 for none.
    var count: Int
}

extension Reserve: ExpressibleByArgument, CustomStringConvertible {
    private static let none = "none"

    init?(argument: String) {
        guard argument != Reserve.none else {
            self.init(count: 0)
            return
        }
        guard let bytes = Bytes(argument: argument) else { return nil }
        self.init(count: bytes.count)
    }

    var description: String { count == 0 ? Reserve.none : Bytes(count: count).description }

    var defaultValueDescription: String { description }
}
