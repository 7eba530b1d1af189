public import SluiceProvider
public import SluiceTypes

/// An adapter for the endpoints of a provider that speaks OpenAI's dialect: nothing is its own but their paths, which
/// its manifest names.
public struct OpenAIAdapter: Adapter {
    private let manifest: Manifest

    /// Speaks to the endpoints that `manifest` names.
    public init(_ manifest: Manifest) {
        self.manifest = manifest
    }

    /// See ``OpenAIDialect/translated``.
    public var translates: Set<RequestFormat> { OpenAIDialect.translated }

    /// See ``OpenAIDialect/translate(_:)``.
    public func translate(_ request: CallerRequest) throws(AdapterFault) -> TranslatedRequest {
        try OpenAIDialect.translate(request)
    }

    /// The body as it is, in one call.
    ///
    /// - Throws: ``AdapterFault`` for an operation that the manifest does not name.
    public func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared {
        guard case .some(.some(let path)) = manifest.operations[ask.operation] else {
            throw AdapterFault(
                .invalidRequest,
                "The adapter \(manifest.id) can't be asked for \(ask.operation.rawValue)."
            )
        }
        return .call(OpenAIDialect.call(for: ask, to: path))
    }

    /// Reads the answer, or the stream, to that call.
    public func reading(for ask: Ask) -> Reading { .pure(OpenAIDialect.exchange(for: ask)) }

    /// See ``OpenAIDialect/modelsCall``.
    public var modelsCall: HTTPCall? { OpenAIDialect.modelsCall }

    /// See ``OpenAIDialect/models(in:)``.
    public func models(in answer: [UInt8]) -> [String]? { OpenAIDialect.models(in: answer) }
}
