/// How far an answer is; it never goes back.
///
/// Only the dialect of the provider can tell.
public enum ReplyStage: Sendable, Hashable, Comparable {
    /// Nothing of the answer itself: another row could still be asked.
    case preamble
    /// Something of what the model wrote.
    case content
    /// The model has finished, and what follows closes the answer.
    case ending
}
