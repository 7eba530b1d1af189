import HTTPTypes
import Hummingbird
import SluiceTypes

/// What is done at one path by one method, and who may.
struct Route: Sendable {
    /// Answers whoever asks.
    typealias Handler = @Sendable (Request, GatewayContext) async throws -> Response
    /// Answers a caller whose API token was good.
    typealias CallerHandler = @Sendable (Request, GatewayContext, Caller) async throws -> Response

    enum Access: Sendable {
        case anyone(Handler)
        case token(Scope, CallerHandler)
    }

    /// As Hummingbird's router has it: `{name}` for a part, `**` for all that follows.
    var path: String
    var method: HTTPRequest.Method
    var access: Access
    /// Whether what it does may be paid for by then: it is the operator's to say what becomes of it when its API token is revoked.
    var isPaidFor = false
    /// Whether it is answered while the store is away, to whoever was let in before.
    var outlastsStore = false

    /// A route for whoever asks.
    init(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
        self.path = path
        self.method = method
        access = .anyone(handler)
    }

    /// A route for callers whose API token has `scope`.
    init(_ method: HTTPRequest.Method, _ path: String, _ scope: Scope, _ handler: @escaping CallerHandler) {
        self.path = path
        self.method = method
        access = .token(scope, handler)
    }
}
