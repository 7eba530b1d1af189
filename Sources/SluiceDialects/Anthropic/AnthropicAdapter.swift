public import SluiceProvider
import SluiceTypes

/// An adapter for the endpoint of a provider that speaks Anthropic's Messages: nothing is its own but the path, which its
/// manifest names.
public struct AnthropicAdapter: Adapter {
    private let manifest: Manifest

    /// Speaks to the endpoint that `manifest` names.
    public init(_ manifest: Manifest) {
        self.manifest = manifest
    }

    /// See ``AnthropicDialect/translate(_:)``.
    public func translate(_ request: CallerRequest) throws(AdapterFault) -> TranslatedRequest {
        try AnthropicDialect.translate(request)
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
        return .call(AnthropicDialect.call(for: ask, to: path))
    }

    /// See ``AnthropicDialect/amendment(for:)``.
    public func amendment(for error: ProviderError) -> Amendment? { AnthropicDialect.amendment(for: error) }

    /// Counts the tokens of a request.
    ///
    /// Source: Anthropic's API reference, "Count tokens in a Message".
    public func call(for inquiry: Inquiry, _ ask: Ask) throws(AdapterFault) -> HTTPCall? {
        guard case .some(.some(let path)) = manifest.operations[ask.operation] else { return nil }
        return switch inquiry {
        case .countTokens: AnthropicDialect.call(for: ask, to: path + "/count_tokens")
        }
    }

    /// Reads the answer, or the stream, to that call.
    public func reading(for ask: Ask) -> Reading { .pure(AnthropicDialect.exchange(for: ask)) }

    /// See ``AnthropicDialect/modelsCall``.
    public var modelsCall: HTTPCall? { AnthropicDialect.modelsCall }

    /// See ``AnthropicDialect/models(in:)``.
    public func models(in answer: [UInt8]) -> [String]? { AnthropicDialect.models(in: answer) }
}
