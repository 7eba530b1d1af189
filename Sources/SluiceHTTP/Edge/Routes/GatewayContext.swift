package import Hummingbird
import NIOCore

/// What belongs to one request.
package struct GatewayContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    let channel: any Channel
    var requestID = ""
    /// The surface whose route is asked.
    var surface = APISurface.none

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
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
