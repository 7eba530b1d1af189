package import SluiceDialects
package import SluiceJSON
package import SluiceProvider
import SluiceTypes

/// Speaks to providers that answer chats in OpenAI's wire format, at `POST /chat/completions`.
package struct OpenAIChatAdapter: OpenAIAdapter {
    package static let manifest = Manifest(id: "openai-chat", operations: [.chat])

    package static let dialect = OpenAIDialect(path: "/chat/completions")

    /// There are no settings.
    package init(settings: JSONValue?) throws(AdapterFault) {}
}
