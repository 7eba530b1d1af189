public import SluiceProvider
import SluiceTypes

/// An adapter for a provider's endpoint of OpenAI's Responses: what callers wrote for it goes there as it is, and its answers come
/// back as they are.
public struct ResponsesAdapter: Adapter {
    private let manifest: Manifest

    /// Speaks to the endpoint that `manifest` names.
    public init(_ manifest: Manifest) {
        self.manifest = manifest
    }

    /// See ``ResponsesDialect/translate(_:)``.
    public func translate(_ request: CallerRequest) throws(AdapterFault) -> TranslatedRequest {
        try ResponsesDialect.translate(request)
    }

    /// The body in one call, but for what is the gateway's own.
    ///
    /// Source: the API reference of OpenAI, "Create a model response" and "Compact a response".
    ///
    /// - Throws: ``AdapterFault`` for an operation that the manifest does not name.
    public func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared {
        guard case .some(.some(let path)) = manifest.operations[ask.operation] else {
            throw AdapterFault(
                .invalidRequest,
                "The adapter \(manifest.id) can't be asked for \(ask.operation.rawValue)."
            )
        }
        let end = ask.format == .openAICompaction ? "/compact" : ""
        return .call(try ResponsesDialect.call(for: ask, to: path + end))
    }

    /// See ``ResponsesDialect/amendment(for:)``.
    public func amendment(for error: ProviderError) -> Amendment? { ResponsesDialect.amendment(for: error) }

    /// Counts the tokens of a request.
    ///
    /// Source: the API reference of OpenAI, "Get input token counts".
    public func call(for inquiry: Inquiry, _ ask: Ask) throws(AdapterFault) -> HTTPCall? {
        guard case .some(.some(let path)) = manifest.operations[ask.operation] else { return nil }
        return switch inquiry {
        case .countTokens: try ResponsesDialect.call(for: ask, to: path + "/input_tokens")
        }
    }

    /// Deletes a response that the provider keeps.
    ///
    /// Source: the API reference of OpenAI, "Delete a model response".
    public func call(deleting upstreamID: String) -> HTTPCall? {
        guard case .some(.some(let path)) = manifest.operations[.chat] else { return nil }
        return HTTPCall(
            method: "DELETE",
            path: "\(path)/\(PercentEncoding.encode(upstreamID))",
            headers: [],
            body: [],
            authorization: .header(name: "Authorization", prefix: "Bearer ")
        )
    }

    /// Reads the answer, or the stream, to that call.
    public func reading(for ask: Ask) -> Reading {
        .pure(ResponsesExchange(stream: ask.stream, isCompaction: ask.format == .openAICompaction))
    }

    /// See ``OpenAIDialect/modelsCall``.
    public var modelsCall: HTTPCall? { OpenAIDialect.modelsCall }

    /// See ``OpenAIDialect/models(in:)``.
    public func models(in answer: [UInt8]) -> [String]? { OpenAIDialect.models(in: answer) }
}
