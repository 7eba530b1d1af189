import HTTPTypes
import Hummingbird

/// The surfaces of a server: which one a path belongs to, and what is done there.
struct RouteTable: Sendable {
    /// The one that paths of no other belong to comes first.
    let surfaces: [APISurface]
    /// What stands before all paths, where a proxy has left it there; empty for nothing.
    var basePath = ""

    /// All that callers can ask: a line for each surface.
    static func callers(_ api: APIContext) -> RouteTable {
        RouteTable(
            surfaces: [
                NativeAPI(api: api).surface,
                OpenAIAPI(api: api).surface,
                AnthropicAPI(api: api).surface,
                ResponsesAPI(api: api).surface,
                HealthAPI(api: api).surface,
            ],
            basePath: api.settings.basePath
        )
    }

    /// The surface that `path` belongs to, in a request with `headers`, whether anything is there or not.
    ///
    /// Of two that claim as much of it the later one has it: a path that is shared, for a request that says so.
    func surface(at path: Substring, _ headers: HTTPFields = [:]) -> APISurface {
        let path = PathSpelling.path(path, below: basePath)
        var (found, longest) = (surfaces[0], 1)
        for surface in surfaces {
            guard let claim = surface.claim(of: path, headers), claim >= longest else { continue }
            (found, longest) = (surface, claim)
        }
        return found
    }

    /// A router that also answers HEAD where there is GET, and 405 with `Allow` for every other method.
    func responder(_ authorizer: Authorizer) -> RouterResponder<GatewayContext> {
        let router = Router(context: GatewayContext.self)
        for (path, methods) in byPath(authorizer) { RouteTable.add(path, methods, to: router) }
        return router.buildResponder()
    }

    private typealias Methods = [(method: HTTPRequest.Method, handler: Route.Handler)]
    private typealias Owned = (surface: APISurface, handler: Route.Handler)

    /// By path, so that a wrong method can be told from a wrong path.
    private func byPath(_ authorizer: Authorizer) -> [(path: String, methods: Methods)] {
        var paths: [(path: String, methods: [(method: HTTPRequest.Method, owners: [Owned])])] = []
        for surface in surfaces {
            for route in surface.routes {
                let answer = authorizer.handler(of: route)
                // Of the surface in whose list it stands: a path may be spelt so that it seems to be another's.
                let handler: Route.Handler = { request, context in
                    var context = context
                    context.surface = surface
                    return surface.naming(context.requestID, in: try await answer(request, context))
                }
                let place = paths.firstIndex { $0.path == route.path } ?? paths.endIndex
                if place == paths.endIndex { paths.append((route.path, [])) }
                if let method = paths[place].methods.firstIndex(where: { $0.method == route.method }) {
                    paths[place].methods[method].owners.append((surface, handler))
                } else {
                    paths[place].methods.append((route.method, [(surface, handler)]))
                }
            }
        }
        return paths.map { path, methods in (path, methods.map { ($0.method, handler(of: $0.owners)) }) }
    }

    /// What answers at a path: where surfaces share it, that of the one whose request it is.
    private func handler(of owners: [Owned]) -> Route.Handler {
        guard owners.count > 1 else { return owners[0].handler }
        return { request, context in
            let asked = surface(at: request.uri.path[...], request.headers)
            let owner = owners.first { $0.surface === asked } ?? owners[0]
            return try await owner.handler(request, context)
        }
    }

    private static func add(_ path: String, _ methods: Methods, to router: Router<GatewayContext>) {
        var allowed = methods.map(\.method)
        for (method, handler) in methods { router.on(RouterPath(path), method: method, use: handler) }
        if let get = methods.first(where: { $0.method == .get }), !allowed.contains(.head) {
            allowed.append(.head)
            router.on(RouterPath(path), method: .head) { request, context in
                try await get.handler(request, context).createHeadResponse()
            }
        }
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        for method in RouteTable.others where !allowed.contains(method) {
            router.on(RouterPath(path), method: method) { _, _ -> Response in
                throw Problem(
                    .methodNotAllowed,
                    "method-not-allowed",
                    "this path takes \(names)",
                    headers: [.allow: names]
                )
            }
        }
    }

    private static let others: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace]
}
