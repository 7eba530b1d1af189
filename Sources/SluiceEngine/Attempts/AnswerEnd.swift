/// Until when an answer is waited for whose model has finished, and whose stream goes on all the same: a plain value that decides
/// and does nothing.
///
/// Some providers send no mark, keep their connection open, and beat time on it for as long as it stands. What may still come is the
/// usage, or a second error; it comes at once, or not at all.
struct AnswerEnd: Sendable {
    /// So long after the last event.
    static let silence = Duration.seconds(2)
    /// So long after the finish, whatever comes.
    static let longest = Duration.seconds(10)

    private let finishedAt: Duration
    private var lastEventAt: Duration

    /// Every choice that was begun has given its reason.
    init(finishedAt uptime: Duration) {
        finishedAt = uptime
        lastEventAt = uptime
    }

    /// An event came, which comments are not.
    mutating func noteEvent(at uptime: Duration) {
        lastEventAt = uptime
    }

    /// When the answer is over.
    var due: Duration { min(lastEventAt + AnswerEnd.silence, finishedAt + AnswerEnd.longest) }
}
