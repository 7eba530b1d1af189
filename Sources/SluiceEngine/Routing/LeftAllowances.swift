import SluiceProvider

/// What a row's provider has said last of what is left.
struct LeftAllowances: Sendable {
    /// How long that is worth something: an allowance of a minute is full again by then.
    private static let worth = Duration.seconds(300)

    private var left: [Allowance: Int64] = [:]
    private var toldAt = Duration.zero

    /// The provider has said it; what it did not speak of stays.
    mutating func note(_ told: [Allowance: Int64], at uptime: Duration) {
        if uptime - toldAt > LeftAllowances.worth { left = [:] }
        left.merge(told) { $1 }
        toldAt = uptime
    }

    /// What is known of it; empty where that is too old.
    func known(at uptime: Duration) -> [Allowance: Int64] {
        uptime - toldAt > LeftAllowances.worth ? [:] : left
    }
}
