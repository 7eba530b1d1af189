import HTTPTypes
package import Hummingbird
import Logging
import NIOHTTP1
import SluiceStore

/// Around every route: the request's id, errors as problem details, one line in the log at debug level.
package struct GatewayResponder: HTTPResponder {
    package typealias Context = GatewayContext

    private let router: RouterResponder<GatewayContext>
    private let logger: Logger

    init(_ routes: RouteTable, logger: Logger) {
        router = routes.responder()
        self.logger = logger
    }

    package func respond(to request: Request, context: GatewayContext) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        context.requestID = RequestFields.requestID(request.headers)
        var response = try await answer(request, context)
        response.headers[.requestID] = context.requestID
        if request.method == .head, response.status.code >= 400 { response.body = ResponseBody() }
        logger.debug(
            "request",
            metadata: [
                "id": "\(context.requestID)", "method": "\(request.method)",
                "route": "\(context.endpointPath ?? "none")",
                "status": "\(response.status.code)", "bytes": "\(response.body.contentLength ?? 0)",
                "duration": "\(start.duration(to: .now))",
            ]
        )
        return response
    }

    private func answer(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let isOpenAI = OpenAIAPI.owns(request.uri.path)
        let refuse = { (problem: Problem) in
            isOpenAI ? OpenAIError(problem).response : problem.response(requestID: context.requestID)
        }
        do {
            let response = try await router.respond(to: request, context: context)
            // The router's own answer to an unknown path is not a problem document.
            guard context.endpointPath == "NotFound" else { return response }
            let ways = isOpenAI ? "the OpenAI endpoints here are \(OpenAIAPI.paths)" : "POST /v1/prompts is the way in"
            return refuse(Problem.notFound("there is nothing at this path; \(ways)"))
        } catch let error as OpenAIError {
            return error.response
        } catch let problem as Problem {
            return refuse(problem)
        } catch let error as StoreError {
            return refuse(Problem(error))
        } catch let error as HTTPParserError {
            // Hummingbird ends the connection on it.
            throw error
        } catch {
            logger.error(
                "a request failed in a way that has no answer of its own",
                metadata: ["id": "\(context.requestID)", "error": "\(type(of: error))"]
            )
            return refuse(
                Problem(
                    .internalServerError,
                    "internal",
                    "the gateway failed; the operator's log has this request's id"
                )
            )
        }
    }
}
