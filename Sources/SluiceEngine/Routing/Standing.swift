/// How a member stands to a call.
enum Standing: Sendable {
    case ready
    /// It takes one call, which finds out whether all is well again.
    case probe
    /// It takes calls, but no more of them now.
    case full(Shortage)
    /// It takes none, for what `Hold` says.
    case shut(Hold)

    /// What there is too little of.
    enum Shortage: Hashable, Sendable {
        /// Places at the row.
        case row
        /// Places for jobs of the queue at one model of the row.
        case ramp
        /// The owner's places.
        case owner
        /// Places at all.
        case all
    }

    /// Whether a call may start.
    var isReady: Bool {
        switch self {
        case .ready, .probe: true
        case .full, .shut: false
        }
    }
}
