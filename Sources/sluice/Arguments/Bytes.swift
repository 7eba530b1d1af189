import ArgumentParser

/// A number of bytes on the command line: a whole number and a unit, as in `1GiB`, `256MiB`, `64KiB`.
struct Bytes: Hashable, Sendable {
    var count: Int

    private static let units: [(suffix: String, bytes: Int)] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
}

extension Bytes: ExpressibleByArgument {
    /// From 64 KiB, less than which is a slip, to what a machine can count.
    init?(argument: String) {
        guard let unit = Self.units.first(where: { argument.hasSuffix($0.suffix) }) else { return nil }
        let digits = argument.dropLast(unit.suffix.count)
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits) else { return nil }
        let (count, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
        guard !overflow, count >= 64 << 10 else { return nil }
        self.init(count: count)
    }

    var defaultValueDescription: String { description }
}

extension Bytes: CustomStringConvertible {
    /// The shortest spelling: `1GiB`, not `1024MiB`.
    var description: String {
        let unit = Self.units.first { count % $0.bytes == 0 } ?? ("B", 1)
        return "\(count / unit.bytes)\(unit.suffix)"
    }
}
