import SluiceDialects
package import SluiceProvider
package import SluiceTypes

/// Answers without a network, for trying the gateway and for its tests.
///
/// It depends on the request and its attempt number alone: the same question has the same answer.
package struct StubAdapter: Adapter {
    private let settings: StubSettings

    private init(_ settings: AdapterSettings) {
        self.settings = StubSettings(settings)
    }

    /// See `plugin.json`.
    ///
    /// - Throws: `ManifestError` for a file that is faulty.
    package static func source() throws(ManifestError) -> CompiledAdapter {
        try CompiledAdapter(json: PackageResources.plugin_json) { _, settings in StubAdapter(settings) }
    }

    /// See ``OpenAIDialect/translated``.
    package var translates: Set<RequestFormat> { OpenAIDialect.translated }

    /// The stub speaks OpenAI's formats.
    package func translate(_ request: CallerRequest) throws(AdapterFault) -> TranslatedRequest {
        try OpenAIDialect.translate(request)
    }

    /// The answer that the model's name stands for.
    package func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared {
        switch StubModel(ask.model) {
        case .echo:
            .answer(answer(to: ask))
        case .embedding where ask.operation == .embedding:
            .answer(answer(to: ask))
        case .lorem:
            .answer(answer(to: ask, text: StubLorem.text(words: settings.sizeTokens)))
        case .slow:
            .answer(answer(to: ask, after: .milliseconds(settings.delayMilliseconds)))
        case .cut(let count):
            .answer(StubCut.events(of: ask.stream ? answer(to: ask) : [], chunks: count))
        case .fail(let count) where ask.attempt > count:
            .answer(answer(to: ask))
        case .fail(let count):
            StubAdapter.refusal(.server, "The stub fails the first \(count) attempts; this is number \(ask.attempt).")
        case .error(let errorClass):
            StubAdapter.refusal(errorClass, "The stub answers this model with the error \(errorClass.rawValue).")
        case .embedding, .unknown:
            StubAdapter.refusal(
                .invalidModel,
                "The stub has no such model; it has stub-echo, stub-lorem, stub-slow, stub-fail-N, stub-error-CLASS, "
                    + "stub-cut-N and, for embeddings, stub-embedding."
            )
        }
    }

    /// `text`, or what was asked, given back; vectors where those were asked for.
    private func answer(to ask: Ask, text: String? = nil, after delay: Duration = .zero) -> [TimedEvent] {
        if ask.operation == .embedding { return StubEmbedding.events(for: ask, settings, after: delay) }
        return StubAnswer(to: ask, text: text ?? StubPrompt.text(of: ask), settings).events(after: delay)
    }

    /// Never fed, since every answer comes from ``prepare(_:)``.
    package func reading(for ask: Ask) -> Reading { .pure(NoExchange()) }

    private static func refusal(_ errorClass: ErrorClass, _ message: String) -> Prepared {
        .answer([TimedEvent(.error(ProviderError(errorClass, message)))])
    }
}

/// What the stub's model names stand for.
enum StubModel: Equatable {
    case echo
    case lorem
    case slow
    case embedding
    case fail(Int)
    case cut(Int)
    case error(ErrorClass)
    case unknown

    init(_ name: String) {
        switch name {
        case "stub-echo": self = .echo
        case "stub-lorem": self = .lorem
        case "stub-slow": self = .slow
        case "stub-embedding": self = .embedding
        default: self = StubModel.withSuffix(name)
        }
    }

    private static func withSuffix(_ name: String) -> StubModel {
        if name.hasPrefix("stub-fail-"), let count = Int(name.dropFirst(10)), count >= 0 { return .fail(count) }
        if name.hasPrefix("stub-cut-"), let count = Int(name.dropFirst(9)), count >= 0 { return .cut(count) }
        if name.hasPrefix("stub-error-"), let known = ErrorClass(rawValue: String(name.dropFirst(11))) {
            return .error(known)
        }
        return .unknown
    }
}

private struct NoExchange: Exchange {
    func begin(_ head: ResponseHead) -> [ReplyEvent] {
        [.error(ProviderError(.malformedResponse, "The stub makes no calls and so has no response."))]
    }

    func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] { [] }
}
