import SluiceProvider

/// What came of putting a job's request to an account.
enum Phrased: Sendable {
    case asked(Ask, Rendition)
    /// It can't be put, or must not be: how the attempt ends, and what is wrong with the request.
    case not(AttemptResult.End, ProviderError?, Rendition)
}
