/// For how long a budget is, and when its windows begin: days and months of UTC's calendar, or so many days from a moment on.
public enum BudgetPeriod: Hashable, Sendable {
    case day
    case month
    /// Windows of so many days, the first from the moment at which the budget was set.
    case days(Int)
    /// One window, without an end.
    case ever

    /// How many days a window of ``days(_:)`` may have.
    public static let daysAllowed = 1...3660

    private static let dayLength: Int64 = 86_400_000

    /// Reads `day`, `month`, `ever`, or a number of days such as `7d`; nil for anything else.
    public init?(_ text: String) {
        switch text {
        case "day": self = .day
        case "month": self = .month
        case "ever": self = .ever
        default:
            guard text.hasSuffix("d"), let days = Int(text.dropLast()), BudgetPeriod.daysAllowed.contains(days),
                String(days) == text.dropLast()
            else { return nil }
            self = .days(days)
        }
    }

    /// The window that holds a moment.
    ///
    /// - Parameters:
    ///   - moment: it.
    ///   - since: when the budget was set; a moment before that is in the first window of ``days(_:)``.
    /// - Returns: from when to when.
    public func window(at moment: Timestamp, since: Timestamp) -> BudgetWindow {
        switch self {
        case .ever: return BudgetWindow(begin: Timestamp(milliseconds: 0), end: nil)
        case .day: return BudgetPeriod.days(1, at: moment, since: Timestamp(milliseconds: 0))
        case .days(let days): return BudgetPeriod.days(days, at: max(moment, since), since: since)
        case .month:
            let month = moment.month
            return BudgetWindow(begin: month.begin, end: month.end)
        }
    }

    private static func days(_ count: Int, at moment: Timestamp, since: Timestamp) -> BudgetWindow {
        let length = Int64(count) * dayLength
        let passed = moment.milliseconds - since.milliseconds
        let number = passed >= 0 ? passed / length : (passed - length + 1) / length
        let begin = since.milliseconds + number * length
        return BudgetWindow(begin: Timestamp(milliseconds: begin), end: Timestamp(milliseconds: begin + length))
    }
}

extension BudgetPeriod: CustomStringConvertible {
    /// As ``init(_:)`` reads it.
    public var description: String {
        switch self {
        case .day: "day"
        case .month: "month"
        case .days(let days): "\(days)d"
        case .ever: "ever"
        }
    }
}
