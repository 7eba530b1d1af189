public import SluiceTypes

/// A translator between what callers ask for and one provider's wire format, opened for one row by its ``AdapterSource``.
///
/// It does no I/O and keeps no state.
///
/// The gateway owns the connection, the clock, retries, limits and the secret; the adapter turns a request into one
/// call, and response bytes into events.
public protocol Adapter: Sendable {
    /// Puts what a caller asked for into the adapter's own format.
    ///
    /// A request that came in that format stays as it is, byte for byte, but for the edits that the format needs.
    ///
    /// - Throws: ``AdapterFault`` when it can't be said in that format.
    func translate(_ request: CallerRequest) throws(AdapterFault) -> TranslatedRequest

    /// The formats that it puts into its own; those that it takes as they are stand in its manifest.
    var translates: Set<RequestFormat> { get }

    /// Turns a request into a call, or into an answer where no call is needed.
    ///
    /// - Throws: ``AdapterFault`` when the request can't be put into the provider's words.
    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared

    /// Starts reading the response to what ``prepare(_:)`` returned for `ask`.
    func reading(for ask: Ask) -> Reading

    /// How a request can be put otherwise that was refused with `error`; nil where that is of no use.
    func amendment(for error: ProviderError) -> Amendment?

    /// The call by which the provider is asked something else about what ``prepare(_:)`` would send; nil where it can't be asked.
    ///
    /// - Throws: ``AdapterFault`` when the request can't be put into the provider's words.
    func call(for inquiry: Inquiry, _ ask: Ask) throws(AdapterFault) -> HTTPCall?

    /// The call by which the provider deletes what it keeps of the answer that it called `upstreamID`; nil where it keeps nothing that
    /// could be deleted.
    func call(deleting upstreamID: String) -> HTTPCall?

    /// The call that asks the provider which models it has; nil where it can't be asked.
    var modelsCall: HTTPCall? { get }

    /// The models that the answer to ``modelsCall`` names; nil for one that is no list.
    func models(in answer: [UInt8]) -> [String]?
}

extension Adapter {
    /// An adapter that knows one format takes it as it comes.
    public func translate(_ request: CallerRequest) throws(AdapterFault) -> TranslatedRequest {
        TranslatedRequest(request.document)
    }

    /// An adapter that knows one format translates none.
    public var translates: Set<RequestFormat> { [] }

    /// Most refusals are final.
    public func amendment(for error: ProviderError) -> Amendment? { nil }

    /// Most providers answer, and no more.
    public func call(for inquiry: Inquiry, _ ask: Ask) throws(AdapterFault) -> HTTPCall? { nil }

    /// Most providers keep nothing that they could be asked to delete.
    public func call(deleting upstreamID: String) -> HTTPCall? { nil }

    /// Many providers have no such list.
    public var modelsCall: HTTPCall? { nil }

    /// Nothing was asked for.
    public func models(in answer: [UInt8]) -> [String]? { nil }
}
