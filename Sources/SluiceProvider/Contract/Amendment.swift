/// How a request can be put otherwise that its provider has refused, so that it may be taken.
public enum Amendment: Sendable, Hashable {
    /// With the whole thread in it: the provider does not keep the answer that the request takes up.
    case threadTold
    /// Without the reasoning in it, which the provider can't verify.
    case withoutReasoning
}
