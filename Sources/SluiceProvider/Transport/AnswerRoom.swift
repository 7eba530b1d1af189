/// Where an answer's bytes are set aside before they are taken from the provider.
///
/// For answers that are gathered whole; what is passed on as it comes needs none.
public protocol AnswerRoom: Sendable {
    /// Sets room for `bytes` more aside; false where there is none now.
    func take(_ bytes: Int) -> Bool

    /// Calls `again` once, from whatever thread, when it is worth asking anew; at once where it is so already.
    func wait(_ again: @escaping @Sendable () -> Void)
}
