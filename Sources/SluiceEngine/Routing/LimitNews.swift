/// What a provider's wish for patience says.
enum LimitNews: Sendable, Hashable {
    /// The account's model is shut for so long.
    case window(Duration)
    /// It lies in the job, since others are answered: it alone waits.
    case own
}
