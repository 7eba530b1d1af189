/// That something else than the provider's API answered a row's call: a plain value that decides and does nothing.
///
/// It shuts nothing, since a caller can cause it where the model stands in the path.
struct Misplacement: Sendable {
    /// Where, without query.
    let url: String
    let status: Int?
    /// When it was last told in the log.
    private var toldAt: Duration?
    /// True once the provider itself has answered a call of the row since.
    var isOver = false

    /// How long it is not told again.
    private static let silence = Duration.seconds(3600)

    /// Notes one more, behind what was known of the row.
    init(_ url: String, status: Int?, after known: Misplacement?) {
        self.url = url
        self.status = status
        toldAt = known?.toldAt
    }

    /// Whether to tell it now.
    mutating func isToTell(at uptime: Duration) -> Bool {
        if let toldAt, uptime - toldAt < Misplacement.silence { return false }
        toldAt = uptime
        return true
    }

    /// For operators.
    var sentence: String {
        "misconfigured: \(url) answered\(status.map { " with \($0)" } ?? ""), which is not the provider's API"
    }
}
