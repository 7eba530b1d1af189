import SluiceJSON
public import SluiceProvider
import SluiceTypes

/// Anthropic's Messages, byte for byte: requests out as their callers wrote them, answers and streams in.
///
/// Source: Anthropic's API reference, "Messages", "Versions", "Beta headers" and "List Models"; its guide "Streaming Messages".
public enum AnthropicDialect {
    /// The version of the API that is asked for where a caller names none.
    static let version = "2023-06-01"
    private static let versionField = "anthropic-version"
    private static let betaField = "anthropic-beta"
    private static let authorization = Authorization.header(name: "x-api-key", prefix: "")

    /// The caller's body as it came, but for thinking that another account has signed.
    ///
    /// - Throws: ``AdapterFault`` for a request in another format.
    public static func translate(_ request: CallerRequest) throws(AdapterFault) -> TranslatedRequest {
        guard request.format == .anthropicMessages else {
            throw AdapterFault(
                .invalidRequest,
                "a request in the format \(request.format.rawValue) can't be said here: the row takes "
                    + "\(RequestFormat.anthropicMessages.rawValue) alone, by POST /v1/messages"
            )
        }
        var translated = TranslatedRequest(request.document)
        guard let foreign = request.foreign else { return translated }
        translated.entries = request.document.root[key: "messages"]?.elements.count
        if let cut = AnthropicThinking.cut(from: request.document, foreign) {
            translated.document = cut.document
            translated.dropped = cut.dropped.names
        }
        return translated
    }

    /// How a request can be put otherwise that the provider has refused for a signature in it.
    public static func amendment(for error: ProviderError) -> Amendment? {
        OpaqueRefusal.isSaid(by: error) ? .withoutReasoning : nil
    }

    /// The call for `ask` to the endpoint at `path`: its body byte for byte, the secret as `x-api-key`, and of the caller's fields
    /// the ``ForwardedFields`` of Messages.
    public static func call(for ask: Ask, to path: String) -> HTTPCall {
        var headers = [HeaderField("Content-Type", "application/json")]
        if ask.stream { headers.append(HeaderField("Accept", "text/event-stream")) }
        let version = ask.headers.first { $0.isNamed(versionField) }?.value ?? AnthropicDialect.version
        headers.append(HeaderField(versionField, version))
        return HTTPCall(
            method: "POST",
            path: path,
            headers: headers + ask.headers.compactMap { passed($0, ask.betas) },
            body: ask.body.bytes,
            authorization: authorization
        )
    }

    /// What becomes of a caller's field beside its version; nil for one that does not go on.
    private static func passed(_ field: HeaderField, _ betas: BetaPolicy) -> HeaderField? {
        if field.isNamed(betaField) { return betas.allowed(in: field.value).map { HeaderField(betaField, $0) } }
        guard !field.isNamed(versionField), ForwardedFields.goesUp(field.name, in: .anthropicMessages) else {
            return nil
        }
        return HeaderField(field.name.lowercased(), field.value)
    }

    /// Starts reading the response to ``call(for:to:)``.
    public static func exchange(for ask: Ask) -> AnthropicExchange {
        AnthropicExchange(stream: ask.stream, finishesAtMark: ask.finishesAtMark)
    }

    /// Asks for the list of models, all on one page.
    ///
    /// Source: Anthropic's API reference, "List Models".
    public static let modelsCall = HTTPCall(
        method: "GET",
        path: "/models?limit=1000",
        headers: [HeaderField(versionField, version)],
        body: [],
        authorization: authorization
    )

    /// The names in the answer to ``modelsCall``; nil for one that is no list.
    public static func models(in answer: [UInt8]) -> [String]? { ModelList.names(in: answer) }
}
