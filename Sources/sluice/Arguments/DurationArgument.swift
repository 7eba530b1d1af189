import ArgumentParser

/// A length of time on the command line: a whole number and a unit, as in `2w`, `90d`, `24h`, `30m`, `2s`, `0s`.
struct DurationArgument: Hashable, Sendable {
    /// The whole seconds, zero or more.
    var seconds: Int64

    var duration: Duration { .seconds(seconds) }

    /// A hundred years: what is longer is a slip, and would only overflow later on.
    private static let longest: Int64 = 36_500 * 86_400

    private static let units: [(suffix: Character, seconds: Int64)] = [
        ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
    ]

    /// Weeks are read, and told in days.
    private static let week: (suffix: Character, seconds: Int64) = ("w", 7 * 86_400)

    /// A clause of help: how one is written.
    static let spelling = "as in 2w, 90d, 24h, 30m, 2s"

    init(_ duration: Duration) {
        seconds = duration.components.seconds
    }
}

extension DurationArgument: ExpressibleByArgument {
    init?(argument: String) {
        if argument == "0" {
            self.init(.zero)
            return
        }
        guard let suffix = argument.last, let unit = ([Self.week] + Self.units).first(where: { $0.suffix == suffix })
        else {
            return nil
        }
        let digits = argument.dropLast()
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(digits) else {
            return nil
        }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit.seconds)
        guard !overflow, seconds <= Self.longest else { return nil }
        self.init(.seconds(seconds))
    }

    var defaultValueDescription: String { description }
}

extension DurationArgument: CustomStringConvertible {
    /// The shortest spelling: `90d`, not `7776000s`.
    var description: String {
        guard seconds > 0 else { return "0s" }
        let unit = Self.units.first { seconds % $0.seconds == 0 } ?? ("s", 1)
        return "\(seconds / unit.seconds)\(unit.suffix)"
    }
}
