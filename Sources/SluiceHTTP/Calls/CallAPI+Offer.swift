import HTTPTypes
import SluiceEngine
import SluiceTypes

extension CallAPI {
    /// - Throws: ``CallError`` 404 for a model that no row serves, 400 for one whose rows take other formats alone, or whose account
    ///   may have tenants where the request names what it holds, 503 where the rows that serve any of them lack something.
    func check(
        _ allowed: AllowedRoute,
        in format: RequestFormat,
        _ fallbacks: [String],
        _ state: NamedState
    ) throws(CallError) {
        var lacking: String?
        var isServed = false
        for name in [allowed.model] + fallbacks {
            let isBound = state.member != nil
            let offer = api.engine.offer(allowed.operation, in: format, model: name, isBound: isBound)
            if offer == .unshared, let fault = state.unshared { throw CallError(fault) }
            if let row = try CallAPI.check(offer, allowed.operation, name) {
                lacking = lacking ?? row
            } else {
                isServed = true
            }
        }
        if let lacking, !isServed { throw CallError(Problem.unavailable(lacking, allowed.model)) }
    }

    /// The row that stands for all where each lacks something.
    private static func check(_ offer: Offer, _ operation: Operation, _ name: String) throws(CallError) -> String? {
        switch offer {
        case .served: return nil
        case .unavailable(let row): return row
        case .unshared: throw CallError(.badRequest, code: nil, NamedState.sentence(model: name), parameter: "model")
        case .unknownOperation:
            throw unknown("no provider row of this gateway serves \(operation.rawValue)")
        case .otherFormat(let served):
            let sentence = UnknownName.sentence(model: name, takes: served)
            throw CallError(.badRequest, code: CallError.otherFormat, sentence, parameter: "model")
        case .unknownModel(let allowed, let nearest):
            throw unknown(UnknownName.sentence(model: name, for: operation, allowed, nearest: nearest))
        }
    }

    private static func unknown(_ message: String) -> CallError {
        CallError(.notFound, code: "model_not_found", message, parameter: "model")
    }
}
