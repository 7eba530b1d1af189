/// The `sequence_number`s of a response's events.
///
/// In each attempt of a background response they begin anew, above those of every attempt before: attempt E has those from
/// (E − 1) · 10⁶ on. So a number tells its attempt, and whoever asks for what is greater than a number of an older attempt gets all of
/// the newest.
public struct ResponsesNumbers: Sendable, Hashable {
    /// How many numbers an attempt has.
    private static let each: Int64 = 1_000_000

    /// The number that was given last; nil for none.
    public private(set) var last: Int64?
    /// The number that comes next.
    private var upcoming: Int64
    /// The attempt's last number, which is given again and again: it must not be one of the next attempt.
    private let most: Int64

    /// Begins the numbers of an attempt; `epoch` counts from 1.
    public init(epoch: Int) {
        let (first, isOver) = Int64(max(epoch, 1) - 1).multipliedReportingOverflow(by: ResponsesNumbers.each)
        upcoming = isOver ? Int64.max - ResponsesNumbers.each : first
        most = upcoming + ResponsesNumbers.each - 1
    }

    /// Goes on behind the number that a provider gave last; from 0 where it gave none.
    public init(following last: Int64?) {
        self.last = last
        most = Int64.max
        upcoming = last.map { $0 < Int64.max ? $0 + 1 : $0 } ?? 0
    }

    /// Stands at the number that was given last.
    public init(last: Int64) { self.init(following: last) }

    /// Gives the next number.
    public mutating func next() -> Int64 {
        let number = upcoming
        last = number
        if upcoming < most { upcoming += 1 }
        return number
    }

    /// The attempt to which a number belongs, from 1; 1 for a negative one.
    public static func epoch(of number: Int64) -> Int { Int(clamping: max(number, 0) / each) + 1 }
}
