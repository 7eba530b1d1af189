package import SluiceJSON
package import SluiceProvider
import SluiceTypes

/// Speaks to providers that turn texts into vectors in OpenAI's wire format, at `POST /embeddings`.
package struct OpenAIEmbeddingAdapter: Adapter {
    package static let manifest = Manifest(id: "openai-embedding", operations: [.embedding])

    private static let dialect = OpenAIDialect(path: "/embeddings")

    /// There are no settings.
    package init(settings: JSONValue?) throws(AdapterFault) {}

    /// The body as it is, in one call.
    package func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared {
        .call(OpenAIEmbeddingAdapter.dialect.call(for: ask))
    }

    package func exchange(for ask: Ask) -> any Exchange {
        OpenAIEmbeddingAdapter.dialect.exchange(for: ask)
    }

    package var modelsCall: HTTPCall? { OpenAIDialect.modelsCall }

    package func models(in answer: [UInt8]) -> [String]? { OpenAIDialect.models(in: answer) }
}
