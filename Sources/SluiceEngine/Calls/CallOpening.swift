import SluiceStore

/// What the desk says to a call.
package enum CallOpening: Sendable {
    case live(LiveCall)
    /// Every row that serves the model is full, and stayed so for as long as a call may wait.
    case full
    /// No row takes calls now.
    case closed(Hold)
    /// Its owner's limits, or its token's, say no.
    case limited(LimitRefusal)
    /// The store has fallen behind: answers wait for it, as many as may be held.
    case behind
    /// The caller has gone, or its task was cancelled.
    case abandoned
}
