public import SluiceProvider

/// An adapter for an endpoint of a provider that speaks OpenAI's dialect: nothing is its own but the path.
public protocol OpenAIAdapter: Adapter {
    /// The dialect, with the endpoint's path.
    static var dialect: OpenAIDialect { get }
}

extension OpenAIAdapter {
    /// See ``OpenAIDialect/translate(_:)``.
    public func translate(_ request: CallerRequest) throws(AdapterFault) -> TranslatedRequest {
        try OpenAIDialect.translate(request)
    }

    /// The body as it is, in one call.
    public func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared {
        .call(Self.dialect.call(for: ask))
    }

    /// Reads the answer, or the stream, to that call.
    public func exchange(for ask: Ask) -> any Exchange {
        Self.dialect.exchange(for: ask)
    }

    /// See ``OpenAIDialect/modelsCall``.
    public var modelsCall: HTTPCall? { OpenAIDialect.modelsCall }

    /// See ``OpenAIDialect/models(in:)``.
    public func models(in answer: [UInt8]) -> [String]? { OpenAIDialect.models(in: answer) }
}
