package import SluiceJSON
package import SluiceProvider
import SluiceTypes

/// Answers without a network, for trying the gateway and for its tests.
///
/// It depends on the request and its attempt number alone: the same question has the same answer.
package struct StubAdapter: Adapter {
    package static let manifest = Manifest(
        id: "stub",
        operations: [.chat, .completion],
        settings: StubSettings.explanations,
        needsEndpoint: false
    )

    private let settings: StubSettings

    /// Reads the settings.
    ///
    /// - Throws: ``AdapterFault`` for a setting that is unknown, no whole number, or out of range.
    package init(settings: JSONValue?) throws(AdapterFault) {
        self.settings = try StubSettings(settings)
    }

    /// The answer that the model's name stands for.
    package func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared {
        switch StubModel(ask.model) {
        case .echo:
            .answer(StubAnswer(to: ask, text: StubPrompt.text(of: ask), settings).events())
        case .lorem:
            .answer(StubAnswer(to: ask, text: StubLorem.text(words: settings.sizeTokens), settings).events())
        case .slow:
            .answer(
                StubAnswer(to: ask, text: StubPrompt.text(of: ask), settings)
                    .events(after: .milliseconds(settings.delayMilliseconds))
            )
        case .fail(let count) where ask.attempt > count:
            .answer(StubAnswer(to: ask, text: StubPrompt.text(of: ask), settings).events())
        case .fail(let count):
            StubAdapter.refusal(.server, "The stub fails the first \(count) attempts; this is number \(ask.attempt).")
        case .error(let errorClass):
            StubAdapter.refusal(errorClass, "The stub answers this model with the error \(errorClass.rawValue).")
        case .unknown:
            StubAdapter.refusal(
                .invalidModel,
                "The stub has no such model; it has stub-echo, stub-lorem, stub-slow, stub-fail-N and stub-error-CLASS."
            )
        }
    }

    /// Never fed, since every answer comes from ``prepare(_:)``.
    package func exchange(for ask: Ask) -> any Exchange {
        NoExchange()
    }

    private static func refusal(_ errorClass: ErrorClass, _ message: String) -> Prepared {
        .answer([TimedEvent(.error(ProviderError(errorClass, message)))])
    }
}

/// What the stub's model names stand for.
enum StubModel: Equatable {
    case echo
    case lorem
    case slow
    case fail(Int)
    case error(ErrorClass)
    case unknown

    init(_ name: String) {
        switch name {
        case "stub-echo": self = .echo
        case "stub-lorem": self = .lorem
        case "stub-slow": self = .slow
        default: self = StubModel.withSuffix(name)
        }
    }

    private static func withSuffix(_ name: String) -> StubModel {
        if name.hasPrefix("stub-fail-"), let count = Int(name.dropFirst(10)), count >= 0 { return .fail(count) }
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
