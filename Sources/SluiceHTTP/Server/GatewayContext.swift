package import Hummingbird
import NIOCore

/// What belongs to one request.
package struct GatewayContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    let channel: any Channel
    var requestID = ""

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Fires when the caller has hung up; nil where nobody listens for it.
    func hangup() async -> Signal? {
        try? await channel.pipeline.handler(type: HangupHandler.self).map(\.signal).get()
    }
}
