import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceJSON
import SluiceTokens
import SluiceTypes

extension OpenAIAPI {
    /// Answers `GET /v1/models`: the names that rows serve, exact, listed for their patterns, or by the provider's own list.
    @Sendable
    func listModels(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        var seen: Set<String> = []
        let models = await api.engine.models().flatMap { list in list.names.map { (name: $0, row: list) } }
        let aliases = api.engine.aliases
        let shown = models.filter { model in
            OpenAIAPI.operations(model.row.operations, model.row.formats)
                .contains { caller.mayAsk($0, model: model.name, aliases: aliases) }
                && seen.insert(model.name).inserted
        }
        let body = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("object", "list")
                writer.member(
                    "data",
                    array: { writer in
                        for (name, row) in shown { writer.object { OpenAIAPI.write(name, row.row, to: &$0) } }
                    }
                )
            }
        }
        return .json(.ok, body)
    }

    /// Answers `GET /v1/models/{id}`, whose id may hold slashes.
    @Sendable
    func showModel(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let name = PercentEncoding.decode(context.parameters.getCatchAll().joined(separator: "/"))
        let aliases = api.engine.aliases
        let alias = aliases.targets(of: name) == nil ? nil : await api.engine.models().first { $0.names == [name] }
        let row = api.engine.rows.first { row in
            row.isSetUp && row.patterns.contains { ModelPattern($0).matches(name) }
                && !OpenAIAPI.operations(Set(row.operations), row.formats).isEmpty
        }
        let found =
            alias.map { ($0.row, OpenAIAPI.operations($0.operations, $0.formats)) }
            ?? row.map { ($0.name, OpenAIAPI.operations(Set($0.operations), $0.formats)) }
        guard let (shown, operations) = found, !name.isEmpty,
            operations.contains(where: { caller.mayAsk($0, model: name, aliases: aliases) })
        else {
            throw CallError(
                .notFound,
                code: "model_not_found",
                "the model \(name) is not served here; GET /v1/models lists those that are",
                parameter: "model"
            )
        }
        return .json(.ok, JSONWriter.bytes { $0.object { OpenAIAPI.write(name, shown, to: &$0) } })
    }

    /// Those for which a model can be asked here, by OpenAI's own formats.
    private static func operations(_ all: Set<Operation>, _ formats: Set<RequestFormat>) -> Set<Operation> {
        all.filter { formats.contains(RequestFormat(openAI: $0)) }
    }

    /// When a model was made nobody here knows, and the SDKs want a number.
    private static func write(_ name: String, _ row: String, to writer: inout JSONWriter) {
        writer.member("id", name)
        writer.member("object", "model")
        writer.member("created", 0)
        writer.member("owned_by", row)
    }
}
