import SluiceProvider
import SluiceStore
import SluiceTypes

/// Whether a provider still has an answer that it has given, so that it can go on from it by itself: a plain decision.
enum KeptAnswer {
    /// The provider's id of the answer that `parent` got; nil where the account does not have it, or may not have it any more.
    ///
    /// A parent whose caller did not want it stored is none, so that only the row may have kept the provider from storing it.
    static func id(of parent: Ancestor, at account: String, _ policy: StatePolicy, at now: Timestamp) -> String? {
        guard parent.account == account, policy.mayKeep else { return nil }
        let end = parent.finishedAt.adding(.seconds(86_400 * policy.keepsResponses))
        return end > now ? parent.upstreamID : nil
    }
}
