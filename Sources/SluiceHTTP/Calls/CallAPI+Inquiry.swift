import HTTPTypes
import Hummingbird
import SluiceDialects
import SluiceEngine
import SluiceJSON
import SluiceTokens
import SluiceTypes

extension CallAPI {
    /// The route at `path`, by which the tokens of a request for `operation` are counted.
    ///
    /// The provider's answer goes back as it came; nothing is stored. Where no row can count, it is as if the path were not there: clients
    /// then count by themselves.
    func countingRoute(_ operation: Operation, at path: String) -> Route {
        Route(.post, path, .jobsWrite) { request, context, caller in
            let headers = try headers(of: request, operation, caller)
            return try await api.bodies.withBody(of: request, context) { document in
                let call: ParsedCall
                do { call = try read(document, headers, operation, path, caller) } catch var error as CallError {
                    // Who takes other formats alone can't count either.
                    if error.code == CallError.otherFormat { error.status = .notFound }
                    throw error
                }
                return try await naming(call) { try await count(call) }
            }
        }
    }

    private func count(_ call: ParsedCall) async throws(CallError) -> Response {
        // The provider would look it up among all tenants of its account, and what it names may be in the same thread.
        let previous = "previous_response_id"
        guard call.document.root[key: previous]?.isNull ?? true else {
            throw CallError(CallFault(previous, "can't be counted with: send the conversation itself in input"))
        }
        let answer = await api.engine.inquiries.countTokens(
            of: call.document,
            in: call.format,
            for: call.allowed,
            fields: call.headers.forwarded.fields
        )
        .hiding(call.headers.secrets)
        switch answer {
        case .answered(let status, let body): return try counted(status, body)
        case .unserved:
            throw CallError(
                .notFound,
                code: "unsupported",
                "no provider row of this gateway counts tokens for \(call.fields.model)"
            )
        case .closed(let hold): throw .closed(hold)
        case .full: throw .full(call.fields.model)
        case .limited(let refusal): throw .limited(refusal, seesMoney: call.caller.seesMoney)
        case .failed(let sentence): throw CallError(.badGateway, code: "upstream_error", sentence)
        }
    }

    /// The provider's answer; what it says of the gateway's own key is its operator's affair.
    private func counted(_ status: Int, _ body: [UInt8]) throws(CallError) -> Response {
        let isJSON = (try? Document(indexing: body)) != nil
        switch status {
        case 401, 403, 300..<400:
            throw CallError(
                .badGateway,
                code: "upstream_authentication",
                "the provider refused to count tokens for this gateway"
            )
        case _ where isJSON: return .json(HTTPResponse.Status(code: status), body)
        default:
            throw CallError(.badGateway, code: "upstream_malformed", "the provider's answer to a count is no JSON")
        }
    }
}
