/// How many may be under way: a plain value that decides and does nothing.
///
/// It begins with few, grows with each answer while it is in use, and is halved when the provider complains.
struct Pace: Hashable, Sendable {
    static let beginning = 16

    private(set) var limit = Pace.beginning
    /// With how many the next beginning begins: fewer than ``beginning`` where the last one was too many.
    private var start = Pace.beginning
    /// Answers since it began anew; nil before the first time.
    private var answers: Int?

    /// A call was answered while so many were under way.
    mutating func noteAnswer(running: Int) {
        if running * 2 >= limit { limit += 1 }
        guard let count = answers else { return }
        answers = count + 1
        if count + 1 >= start { start = Pace.beginning }
    }

    /// The provider complained.
    mutating func halve() {
        limit = max(1, limit / 2)
        guard let count = answers, count < start else { return }
        start = max(1, start / 2)
        answers = nil
    }

    /// A window or an outage has ended.
    mutating func beginAnew() {
        limit = start
        answers = 0
    }
}
