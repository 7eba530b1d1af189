import HTTPTypes
package import Hummingbird
import Logging
import NIOHTTP1
import SluiceStore
import SluiceTypes

/// Around every route: the request's id, errors as problem details, one line in the log: at debug level, or for everybody where that was
/// asked for.
package struct GatewayResponder: HTTPResponder {
    package typealias Context = GatewayContext

    private let routes: RouteTable
    private let router: RouterResponder<GatewayContext>
    private let crossOrigin: CrossOrigin
    /// Who is believed when it says for whom it calls.
    private let proxies: TrustedProxies
    /// Begins the span of a request; nil where nobody records traces.
    private let trace: (@Sendable (Request) -> RequestTrace?)?
    private let logger: Logger
    private let level: Logger.Level

    init(
        _ routes: RouteTable,
        _ authorizer: Authorizer,
        _ crossOrigin: CrossOrigin,
        logsAccess: Bool = false,
        proxies: TrustedProxies = TrustedProxies(),
        trace: (@Sendable (Request) -> RequestTrace?)? = nil,
        logger: Logger
    ) {
        self.proxies = proxies
        self.trace = trace
        level = logsAccess ? .info : .debug
        self.routes = routes
        self.crossOrigin = crossOrigin
        router = routes.responder(authorizer)
        self.logger = logger
    }

    /// What the router calls the place of what is at no path.
    private static let nowhere = "NotFound"

    package func respond(to request: Request, context: GatewayContext) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        context.requestID = RequestFields.requestID(request.headers)
        if logger.logLevel <= level { context.access = AccessFacts() }
        let request = PathSpelling.plain(request, below: routes.basePath)
        context.trace = trace?(request)
        var response =
            if let preflight = crossOrigin.preflight(request.head) { preflight } else {
                try await answer(request, context)
            }
        response.headers[.requestID] = context.requestID
        for (name, value) in crossOrigin.fields(for: request.headers[.origin]) {
            response.headers.append(HTTPField(name: name, value: value))
        }
        if request.method == .head, response.status.code >= 400 { response.body = ResponseBody() }
        log(request, response, context, start.duration(to: .now))
        if let trace = context.trace, let route = context.endpointPath, route != GatewayResponder.nowhere {
            response = trace.telling(response, of: route)
        }
        return response
    }

    /// The line of a request, once the head of its answer is known: whose it was, what was asked, how it went.
    private func log(_ request: Request, _ response: Response, _ context: GatewayContext, _ duration: Duration) {
        guard let access = context.access else { return }
        let (seconds, attoseconds) = duration.components
        var metadata: Logger.Metadata = [
            "id": "\(context.requestID)", "method": "\(request.method)", "surface": "\(surface(of: request).name)",
            "route": "\(context.endpointPath ?? "none")",
            "status": .stringConvertible(response.status.code),
            "durationMs": .stringConvertible(Double(seconds * 1_000_000 + attoseconds / 1_000_000_000_000) / 1000),
        ]
        if let length = response.body.contentLength { metadata["bytes"] = .stringConvertible(length) }
        if let caller = access.caller {
            metadata["owner"] = "\(caller.owner)"
            metadata["token"] = "\(caller.token)"
        }
        if let job = response.headers.namedJob { metadata["job"] = "\(job)" }
        if let address = proxies.client(of: context.channel.remoteAddress?.ipAddress, request.headers) {
            metadata["address"] = "\(address)"
        }
        logger.log(level: level, "request", metadata: metadata)
    }

    private func answer(_ request: Request, _ context: GatewayContext) async throws -> Response {
        do {
            let response = try await router.respond(to: request, context: context)
            // The router's own answer to an unknown path is not a problem document.
            return context.endpointPath == GatewayResponder.nowhere ? nothing(at: request, context) : response
        } catch {
            return try refusal(error, request, context)
        }
    }

    private func nothing(at request: Request, _ context: GatewayContext) -> Response {
        let surface = surface(of: request)
        let base =
            surface.base.map { "; its base URL is \(PathSpelling.origin(of: request))\(routes.basePath)\($0)" } ?? ""
        return refuse(Problem.notFound("there is nothing at this path; \(surface.waysIn)\(base)"), request, context)
    }

    /// The one whose envelope an error comes in, whether anything is at the path or not.
    private func surface(of request: Request) -> APISurface {
        routes.surface(at: request.uri.path[...], request.headers)
    }

    /// The answer that an error comes to; throws the one on which Hummingbird ends the connection.
    private func refusal(_ error: any Error, _ request: Request, _ context: GatewayContext) throws -> Response {
        switch error {
        case let error as CallError:
            if error.isOfNobody { context.trace?.callerLeft() }
            return refuse(request, context) { $0.callEnvelope(error, context.requestID) }
        case let problem as Problem: return refuse(problem, request, context)
        case let error as StoreError: return refuse(Problem(error), request, context)
        case is HTTPParserError: throw error
        default:
            logger.error(
                "a request failed in a way that has no answer of its own",
                metadata: ["id": "\(context.requestID)", "error": "\(type(of: error))"]
            )
            let sentence = "the gateway failed; the operator's log has this request's id"
            return refuse(Problem(.internalServerError, "internal", sentence), request, context)
        }
    }

    private func refuse(_ problem: Problem, _ request: Request, _ context: GatewayContext) -> Response {
        refuse(request, context) { $0.envelope(problem, context.requestID) }
    }

    private func refuse(
        _ request: Request,
        _ context: GatewayContext,
        _ envelope: (APISurface) -> ErrorReply
    ) -> Response {
        let surface = surface(of: request)
        return surface.naming(context.requestID, in: envelope(surface).response)
    }
}
