package import SluiceJSON
package import SluiceProvider
import SluiceTypes

/// Speaks to providers that answer completions of a text in OpenAI's wire format, at `POST /completions`.
package struct OpenAICompletionAdapter: Adapter {
    package static let manifest = Manifest(id: "openai-completion", operations: [.completion])

    private static let dialect = OpenAIDialect(path: "/completions")

    /// There are no settings.
    package init(settings: JSONValue?) throws(AdapterFault) {}

    /// The body as it is, in one call.
    package func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared {
        .call(OpenAICompletionAdapter.dialect.call(for: ask))
    }

    package func exchange(for ask: Ask) -> any Exchange {
        OpenAICompletionAdapter.dialect.exchange(for: ask)
    }

    package var modelsCall: HTTPCall? { OpenAIDialect.modelsCall }

    package func models(in answer: [UInt8]) -> [String]? { OpenAIDialect.models(in: answer) }
}
