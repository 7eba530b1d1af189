import HTTPTypes
import SluiceEngine
import SluiceTypes

extension CallAPI {
    /// - Throws: ``CallError`` 404 for a model that no row serves, 400 for one whose rows take other formats alone, 503 where the rows that serve any of them lack something.
    func check(_ allowed: AllowedRoute, in format: RequestFormat, _ fallbacks: [String]) throws(CallError) {
        var lacking: String?
        var isServed = false
        for name in [allowed.model] + fallbacks {
            if let row = try check(name, allowed.operation, in: format) {
                lacking = lacking ?? row
            } else {
                isServed = true
            }
        }
        if let lacking, !isServed { throw CallError(Problem.unavailable(lacking, allowed.model)) }
    }

    /// The row that stands for all where each lacks something.
    private func check(_ name: String, _ operation: Operation, in format: RequestFormat) throws(CallError) -> String? {
        switch api.engine.offer(operation, in: format, model: name) {
        case .served: return nil
        case .unavailable(let row): return row
        case .unknownOperation:
            throw CallAPI.unknown("no provider row of this gateway serves \(operation.rawValue)")
        case .otherFormat(let served):
            let sentence = UnknownName.sentence(model: name, takes: served)
            throw CallError(.badRequest, code: "unsupported_format", sentence, parameter: "model")
        case .unknownModel(let allowed, let nearest):
            throw CallAPI.unknown(UnknownName.sentence(model: name, for: operation, allowed, nearest: nearest))
        }
    }

    private static func unknown(_ message: String) -> CallError {
        CallError(.notFound, code: "model_not_found", message, parameter: "model")
    }
}
