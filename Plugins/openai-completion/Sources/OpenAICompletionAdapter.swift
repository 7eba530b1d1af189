package import SluiceDialects
package import SluiceJSON
package import SluiceProvider
import SluiceTypes

/// Speaks to providers that answer completions of a text in OpenAI's wire format, at `POST /completions`.
package struct OpenAICompletionAdapter: OpenAIAdapter {
    package static let manifest = Manifest(id: "openai-completion", operations: [.completion])

    package static let dialect = OpenAIDialect(path: "/completions")

    /// There are no settings.
    package init(settings: JSONValue?) throws(AdapterFault) {}
}
