/// The calls that find out whether something is well again, one at a time: a plain value that decides and does nothing.
struct Probe: Sendable {
    /// A call that has brought nothing for so long lets the next one go.
    static let patience = Duration.seconds(30)

    /// When the call under way began; nil while there is none.
    private var begun: Duration?

    /// Whether the next call may go.
    func isDue(at uptime: Duration) -> Bool {
        begun.map { uptime - $0 >= Probe.patience } ?? true
    }

    /// A call goes, known by the moment at which it began.
    mutating func begin(at uptime: Duration) -> Duration {
        begun = uptime
        return uptime
    }

    /// Whether the call that began at that moment is the one under way.
    func isUnderWay(_ mark: Duration?) -> Bool { mark != nil && begun == mark }

    /// The call that began at that moment is over, whatever it came to: the next one may go.
    mutating func end(_ mark: Duration?) {
        if isUnderWay(mark) { begun = nil }
    }
}
