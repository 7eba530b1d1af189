import HTTPTypes
package import Hummingbird
import NIOCore
import SluiceEngine

/// What belongs to one request.
package struct GatewayContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    let channel: any Channel
    var requestID = ""
    /// The surface whose route is asked.
    var surface = APISurface.none
    /// Where it is noted who asked; nil where nobody wants to know.
    var access: AccessFacts?
    /// The request's span; nil where nobody records it.
    var trace: RequestTrace?
    /// Fires when the caller's API token ends while the request is open; nil without a token.
    var tokenEnd: Signal?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Does `body`, which may wait for as long as the caller is there and its API token good: the signal fires when either is over.
    func whileWanted<Answer>(_ body: (Signal?) async throws -> Answer) async rethrows -> Answer {
        let hangup = await connection()?.hungUp
        guard let tokenEnd else { return try await body(hangup) }
        let reaction = hangup?.onFire { tokenEnd.fire() }
        defer { if let reaction { hangup?.forget(reaction) } }
        return try await body(tokenEnd)
    }

    /// - Throws: ``Problem`` 401 where the caller is there still, and its API token has ended.
    func refuseWhenTokenEnded() async throws(Problem) {
        guard let tokenEnd, tokenEnd.hasFired, await connection()?.hungUp.hasFired != true else { return }
        throw Problem(
            .unauthorized,
            "unauthenticated",
            "the API token has ended, or was revoked, while this waited; ask the operator for a new one",
            headers: [.wwwAuthenticate: "Bearer realm=\"sluice\""]
        )
    }

    /// Where the connection's tasks run.
    var executor: any TaskExecutor { LoopExecutor(channel.eventLoop) }

    /// What is known of the caller's connection; nil where nobody listens to it.
    func connection() async -> HangupHandler? {
        // A connection's tasks run on its loop, where asking costs no wait.
        guard channel.eventLoop.inEventLoop else {
            return try? await channel.pipeline.handler(type: HangupHandler.self).get()
        }
        return try? channel.pipeline.syncOperations.handler(type: HangupHandler.self)
    }
}
