import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceJSON
import SluiceTokens
import SluiceTypes

/// Source: Anthropic's API reference, "List Models" and "Get a Model".
extension AnthropicAPI {
    private var models: ShownModels {
        ShownModels(engine: api.engine) { $0 == .chat ? [.anthropicMessages] : [] }
    }

    /// Answers `GET /v1/models`, a page of at most `limit` models.
    @Sendable
    func listModels(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        // The SDKs' beta calls say so in the query.
        var query = QueryReader(request.uri, known: ["limit", "after_id", "before_id", "beta"])
        let limit = query.integer("limit", 1...1000, default: 20)
        let (after, before) = (query.text("after_id"), query.text("before_id"))
        try query.finish()
        let page = ModelPage(await models.all(for: caller).map(\.name), after: after, before: before, limit: limit)
        let body = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member(
                    "data",
                    array: { writer in for name in page.names { writer.object { AnthropicAPI.write(name, to: &$0) } } }
                )
                writer.member("has_more", page.hasMore)
                writer.member("first_id", page.names.first)
                writer.member("last_id", page.names.last)
            }
        }
        return .json(.ok, body)
    }

    /// Answers `GET /v1/models/{id}`, whose id may hold slashes.
    @Sendable
    func showModel(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let name = ShownModels.name(in: context)
        guard await models.one(name, for: caller) != nil else { throw ShownModels.missing(name) }
        return .json(.ok, JSONWriter.bytes { $0.object { AnthropicAPI.write(name, to: &$0) } })
    }

    /// When a model was made nobody here knows; the beginning of time stands for that.
    private static func write(_ name: String, to writer: inout JSONWriter) {
        writer.member("type", "model")
        writer.member("id", name)
        writer.member("display_name", name)
        writer.member("created_at", "1970-01-01T00:00:00Z")
    }
}
