import ArgumentParser
import SluiceTypes

/// A month on the command line: `2026-10`.
struct MonthArgument: ExpressibleByArgument, Hashable, Sendable {
    /// Its first day, as in `2026-10-01`.
    let first: String
    /// Its last.
    let last: String

    init?(argument: String) {
        let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 4, parts[1].utf8.count == 2 else { return nil }
        let days = (28...31).map { "\(argument)-\($0)" }.filter { Timestamp(rfc3339: $0 + "T00:00:00Z") != nil }
        guard let last = days.last else { return nil }
        first = argument + "-01"
        self.last = last
    }
}
