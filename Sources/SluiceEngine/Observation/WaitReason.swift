/// What queued jobs wait for.
package enum WaitReason: String, Sendable, CaseIterable {
    /// The end of a window: the provider has asked for patience.
    case window
    /// A breaker: the provider's calls fail, and it is tried again soon.
    case breaker
    /// A connection: the provider can't be reached, and is tried again soon.
    case unreachable
    /// A key: the provider refuses the one it has.
    case key
    /// Money: the gateway's account with the provider is used up.
    case money
    /// Somebody who looks after the account, which may be used up.
    case suspected
    /// A row that serves the model, or what such a row lacks.
    case noRow = "no_row"
    /// An operator, who has paused the row.
    case paused
    /// Limits of the owner.
    case limit
    /// A moment of the job's own: its delay, or the pause before it is tried again.
    case pause
    /// A place at a provider, which is as good as free.
    case place
}

extension Hold.Kind {
    /// What jobs wait for that are held so.
    var waitReason: WaitReason {
        switch self {
        case .lack: .noRow
        case .paused: .paused
        case .refused: .key
        case .money: .money
        case .limit: .window
        case .rest: .breaker
        case .away: .unreachable
        case .suspected: .suspected
        }
    }
}
