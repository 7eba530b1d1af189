/// How it is known what an attempt used; the later is the better.
package enum UsageBasis: String, Sendable, CaseIterable, Comparable {
    /// From the attempt's own row: nobody saw the run.
    case guessed
    /// From what came of the answer.
    case seen
    /// By the provider, whole.
    case told

    private var rank: Int {
        switch self {
        case .guessed: 0
        case .seen: 1
        case .told: 2
        }
    }

    package static func < (left: UsageBasis, right: UsageBasis) -> Bool { left.rank < right.rank }
}
