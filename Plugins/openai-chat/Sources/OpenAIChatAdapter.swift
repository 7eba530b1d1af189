package import SluiceJSON
package import SluiceProvider
import SluiceTypes

/// Speaks to providers that answer chats in OpenAI's wire format, at `POST /chat/completions`.
package struct OpenAIChatAdapter: Adapter {
    package static let manifest = Manifest(id: "openai-chat", operations: [.chat])

    private static let dialect = OpenAIDialect(path: "/chat/completions")

    /// There are no settings.
    package init(settings: JSONValue?) throws(AdapterFault) {}

    /// The body as it is, in one call.
    package func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared {
        .call(OpenAIChatAdapter.dialect.call(for: ask))
    }

    package func exchange(for ask: Ask) -> any Exchange {
        OpenAIChatAdapter.dialect.exchange(for: ask)
    }

    package var modelsCall: HTTPCall? { OpenAIDialect.modelsCall }

    package func models(in answer: [UInt8]) -> [String]? { OpenAIDialect.models(in: answer) }
}
