package import SluiceDialects
package import SluiceJSON
package import SluiceProvider
import SluiceTypes

/// Speaks to providers that turn texts into vectors in OpenAI's wire format, at `POST /embeddings`.
package struct OpenAIEmbeddingAdapter: OpenAIAdapter {
    package static let manifest = Manifest(id: "openai-embedding", operations: [.embedding])

    package static let dialect = OpenAIDialect(path: "/embeddings")

    /// There are no settings.
    package init(settings: JSONValue?) throws(AdapterFault) {}
}
