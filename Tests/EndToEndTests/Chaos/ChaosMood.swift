/// What a row's provider is like for a while.
enum ChaosMood: Sendable, Hashable {
    /// It answers.
    case well
    /// 429; with so many seconds to wait, where it says so.
    case limited(retryAfter: Int?)
    /// A status of 5xx that says that nothing was carried out.
    case failing(Int)
    /// Its port is closed.
    case away
    /// It answers after so many milliseconds.
    case slow(Int)
    /// It reads a request and says nothing.
    case hanging
    /// It begins answers and doesn't end them, or answers what nobody can read.
    case lying
    /// 401 for one of its keys, by its place in the row.
    case refusing(key: Int)

    /// Whether every call is answered whole.
    var isWell: Bool {
        switch self {
        case .well, .slow: true
        case .limited, .failing, .away, .hanging, .lying, .refusing: false
        }
    }

    /// What a provider goes through before it goes through all of it again, in another order.
    static let bag: [ChaosMood] =
        Array(repeating: .well, count: 6) + [
            .limited(retryAfter: nil), .limited(retryAfter: 1), .failing(500), .failing(502), .failing(503), .away,
            .slow(900), .hanging, .lying, .lying, .refusing(key: 0), .refusing(key: 1),
        ]
}
