/// A part of the day in UTC, in which a price is valid; it may go over midnight.
public struct DailyHours: Hashable, Sendable {
    /// The first minute of the day that belongs to it.
    public let start: Int
    /// The minute of the day with which it ends.
    public let end: Int

    private static let day = 24 * 60

    /// Takes minutes of the day, 0 to 1439; nil for others.
    public init?(start: Int, end: Int) {
        guard (0..<DailyHours.day).contains(start), (0..<DailyHours.day).contains(end) else { return nil }
        self.start = start
        self.end = end
    }

    /// Reads `HH:MM-HH:MM`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2, let start = DailyHours.minute(parts[0]), let end = DailyHours.minute(parts[1]) else {
            return nil
        }
        self.init(start: start, end: end)
    }

    private static func minute(_ text: Substring.UTF8View) -> Int? {
        let bytes = Array(text)
        let digits = [0, 1, 3, 4]
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[$0]) })
        else { return nil }
        let values = digits.map { Int(bytes[$0] - UInt8(ascii: "0")) }
        let (hour, minute) = (values[0] * 10 + values[1], values[2] * 10 + values[3])
        return minute < 60 ? hour * 60 + minute : nil
    }

    /// Tells whether a moment lies in it.
    ///
    /// Of hours that end where they begin none does.
    public func contains(millisecondOfDay: Int64) -> Bool {
        let (first, last) = (Int64(start) * 60_000, Int64(end) * 60_000)
        guard last < first else { return (first..<last).contains(millisecondOfDay) }
        return millisecondOfDay >= first || millisecondOfDay < last
    }
}

extension DailyHours: CustomStringConvertible {
    /// As in `01:00-04:00`.
    public var description: String {
        func text(_ minute: Int) -> String {
            let parts = [minute / 60, minute % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
            return parts.joined(separator: ":")
        }
        return "\(text(start))-\(text(end))"
    }
}
