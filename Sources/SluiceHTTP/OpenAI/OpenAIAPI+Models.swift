import Crypto
import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceJSON
import SluiceTokens
import SluiceTypes

extension OpenAIAPI {
    private var models: ShownModels {
        // A model that only Responses takes is OpenAI's as well.
        ShownModels(engine: api.engine) { $0 == .chat ? [.openAIChat, .openAIResponses] : [RequestFormat(openAI: $0)] }
    }

    /// Answers `GET /v1/models`.
    ///
    /// Codex, which names its version, looks for models of its own kind beside the list, and takes none for an error.
    @Sendable
    func listModels(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let shown = await models.all(for: caller)
        let isCodex = request.uri.queryParameters.get("client_version") != nil
        let body = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("object", "list")
                writer.member(
                    "data",
                    array: { writer in
                        for (name, row) in shown { writer.object { OpenAIAPI.write(name, row, to: &$0) } }
                    }
                )
                if isCodex { writer.member("models", array: { _ in }) }
            }
        }
        var response = Response.json(.ok, body)
        if isCodex { response.headers[.eTag] = OpenAIAPI.tag(of: body) }
        return response
    }

    /// Answers `GET /v1/models/{id}`, whose id may hold slashes.
    @Sendable
    func showModel(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let name = ShownModels.name(in: context)
        guard let model = await models.one(name, for: caller) else { throw ShownModels.missing(name) }
        return .json(.ok, JSONWriter.bytes { $0.object { OpenAIAPI.write(name, model.row, to: &$0) } })
    }

    /// When a model was made nobody here knows, and the SDKs want a number.
    private static func write(_ name: String, _ row: String, to writer: inout JSONWriter) {
        writer.member("id", name)
        writer.member("object", "model")
        writer.member("created", 0)
        writer.member("owned_by", row)
    }

    private static func tag(of body: [UInt8]) -> String {
        let digits = SHA256.hash(data: body).prefix(8).map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 1 ? "0" + text : text
        }
        return "\"\(digits.joined())\""
    }
}
