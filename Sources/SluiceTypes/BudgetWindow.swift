/// A time for which a budget is.
public struct BudgetWindow: Hashable, Sendable {
    /// The first moment.
    public var begin: Timestamp
    /// Nil for one without an end.
    public var end: Timestamp?

    /// Takes both.
    public init(begin: Timestamp, end: Timestamp?) {
        self.begin = begin
        self.end = end
    }

    /// When what waits for the next window of one without an end is due: the last moment that RFC 3339 can say.
    public static let never = Timestamp(milliseconds: 253_402_300_799_999)

    /// When what waits for its end is due: a moment later than anybody who means the end itself would say, so that it is known again.
    public var afterEnd: Timestamp { end.map { Timestamp(milliseconds: $0.milliseconds + 7) } ?? BudgetWindow.never }

    /// Whether a moment lies in it.
    public func contains(_ moment: Timestamp) -> Bool {
        moment >= begin && end.map { moment < $0 } ?? true
    }
}
