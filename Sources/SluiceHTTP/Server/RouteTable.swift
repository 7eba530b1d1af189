import HTTPTypes
import Hummingbird

/// The routes of a server, by path, so that a wrong method can be told from a wrong path.
struct RouteTable {
    typealias Handler = @Sendable (Request, GatewayContext) async throws -> Response

    private var paths: [(path: String, methods: [(method: HTTPRequest.Method, handler: Handler)])] = []

    mutating func on(_ path: String, _ method: HTTPRequest.Method, _ handler: @escaping Handler) {
        if let index = paths.firstIndex(where: { $0.path == path }) {
            paths[index].methods.append((method, handler))
        } else {
            paths.append((path, [(method, handler)]))
        }
    }

    /// A router that also answers HEAD where there is GET, and 405 with `Allow` for every other method.
    func responder() -> RouterResponder<GatewayContext> {
        let router = Router(context: GatewayContext.self)
        for (path, methods) in paths {
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
        return router.buildResponder()
    }

    private static let others: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace]
}

extension RouteTable {
    /// All routes of the callers' server: a line for each surface.
    static func callers(_ api: APIContext) -> RouteTable {
        var routes = RouteTable()
        Operations(api: api).add(to: &routes)
        NativeAPI(api: api).add(to: &routes)
        OpenAIAPI(api: api).add(to: &routes)
        return routes
    }
}
