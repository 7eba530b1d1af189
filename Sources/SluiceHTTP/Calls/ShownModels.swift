import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceTokens
import SluiceTypes

/// The models that the callers of a surface see: those that a row serves in one of its formats, and that their API tokens may ask for.
struct ShownModels {
    /// A model, and the row that stands for those that serve it.
    typealias Model = (name: String, row: String)

    let engine: Engine
    /// The surface's formats of what is asked for.
    let formats: @Sendable (Operation) -> Set<RequestFormat>

    /// All of them, each once: exact names, those that rows list for their patterns, or their providers' own lists.
    func all(for caller: Caller) async -> [Model] {
        var seen: Set<String> = []
        let models = await engine.models().flatMap { list in list.names.map { (name: $0, row: list) } }
        let aliases = engine.aliases
        return models.filter { model in
            operations(model.row.operations, model.row.formats)
                .contains { caller.mayAsk($0, model: model.name, aliases: aliases) }
                && seen.insert(model.name).inserted
        }
        .map { ($0.name, $0.row.row) }
    }

    /// The one called `name`; nil where no row serves it, or `caller` may not ask for it.
    func one(_ name: String, for caller: Caller) async -> Model? {
        let aliases = engine.aliases
        let alias = aliases.targets(of: name) == nil ? nil : await engine.models().first { $0.names == [name] }
        let row = engine.rows.first { row in
            row.isSetUp && row.patterns.contains { ModelPattern($0).matches(name) }
                && !operations(Set(row.operations), row.formats).isEmpty
        }
        let found =
            alias.map { ($0.row, operations($0.operations, $0.formats)) }
            ?? row.map { ($0.name, operations(Set($0.operations), $0.formats)) }
        guard let (shown, operations) = found, !name.isEmpty,
            operations.contains(where: { caller.mayAsk($0, model: name, aliases: aliases) })
        else { return nil }
        return (name, shown)
    }

    /// Those for which a model can be asked here.
    private func operations(_ all: Set<Operation>, _ served: Set<RequestFormat>) -> Set<Operation> {
        all.filter { !formats($0).isDisjoint(with: served) }
    }

    /// The name at the end of the path of a request for one model, which may hold slashes.
    static func name(in context: GatewayContext) -> String {
        PercentEncoding.decode(context.parameters.getCatchAll().joined(separator: "/"))
    }

    /// The refusal for a model that nobody serves here.
    static func missing(_ name: String) -> CallError {
        CallError(
            .notFound,
            code: "model_not_found",
            "the model \(name) is not served here; GET /v1/models lists those that are",
            parameter: "model"
        )
    }
}
