import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import ServiceLifecycle
import SluiceEngine
import SluiceTypes

/// Hands requests on to ``AdminAPI``.
struct AdminResponder: HTTPResponder {
    typealias Context = GatewayContext

    /// Its routes are ``AdminAPI``'s, which answers without a server as well.
    static let surface = APISurface(name: "admin", prefixes: ["/"], bodyLimit: 1 << 20)

    let api: AdminAPI
    /// What is held of bodies; callers' bodies leave that room to operators.
    let memory = HeldMemory(limit: 64 << 20)
    let logger: Logger

    func respond(to request: Request, context: GatewayContext) async throws -> Response {
        var context = context
        context.surface = AdminResponder.surface
        let actor = await PeerCheck.actor(of: context.channel)
        let reply: AdminReply
        do {
            reply = try await BodyReader(memory: memory).withBytes(of: request, context) { [context] body in
                let asked = AdminResponder.translate(request, body, by: actor)
                guard asked.isLong else { return await api.respond(asked) }
                return await AdminResponder.unlessUnwanted(context) { await api.respond(asked) }
            }
        } catch let problem as Problem {
            reply = AdminReply(problem)
        }
        let isError = reply.status >= 400
        var response = Response.json(
            HTTPResponse.Status(code: reply.status),
            reply.body,
            type: isError ? "application/problem+json" : "application/json"
        )
        response.headers[.requestID] = RequestFields.requestID(request.headers)
        logger.debug(
            "admin request",
            metadata: ["method": "\(request.method)", "status": .stringConvertible(reply.status)]
        )
        return response
    }

    /// Cancels `body` when nobody waits for it any more, or the server stops; its answer is waited for all the same.
    private static func unlessUnwanted(
        _ context: GatewayContext,
        _ body: @escaping @Sendable () async -> AdminReply
    ) async -> AdminReply {
        let hangup = await context.connection()?.hungUp
        return await withTaskGroup(of: AdminReply?.self) { group in
            group.addTask { await body() }
            group.addTask {
                await hangup?.wait()
                return nil
            }
            group.addTask {
                try? await gracefulShutdown()
                return nil
            }
            var reply: AdminReply?
            for await ended in group {
                reply = ended ?? reply
                group.cancelAll()
            }
            return reply ?? AdminReply(Problem(.internalServerError, "internal", "the gateway failed"))
        }
    }

    private static func translate(_ request: Request, _ body: [UInt8], by actor: String) -> AdminRequest {
        AdminRequest(
            method: request.method.rawValue,
            // A name that is empty is no name, and never the path without it.
            path: request.uri.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
                .map(PercentEncoding.decode),
            query: Dictionary(request.uri.queryParameters.map { (String($0.key), String($0.value)) }) { $1 },
            headers: Dictionary(request.headers.map { ($0.name.canonicalName, $0.value) }) { first, _ in first },
            body: body,
            actor: actor
        )
    }
}
