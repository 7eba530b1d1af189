import HTTPTypes
import Hummingbird
import NIOCore
import SluiceEngine
import SluiceTokens
import SluiceTypes

/// Lets callers to their routes whose API token allows it, and to what they ask for there.
struct Authorizer: Sendable {
    let tokens: TokenService
    let now: @Sendable () -> Timestamp
    /// Whether a call that runs is cut when its API token is revoked.
    let cutsRevoked: Bool
    private let proxies: TrustedProxies
    private let failures = FailureLimiter()

    init(
        tokens: TokenService,
        cutsRevoked: Bool = true,
        proxies: TrustedProxies = TrustedProxies(),
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.proxies = proxies
        self.tokens = tokens
        self.cutsRevoked = cutsRevoked
        self.now = now
    }

    /// What `caller` asks for, as what may become a job; `isBound` tells that it names what its provider holds, see ``NamedState``.
    ///
    /// - Throws: ``Problem`` 403 for what the caller's API token is not narrowed to.
    static func allow(
        _ caller: Caller,
        _ operation: Operation,
        model: String,
        fallbacks: [String],
        isBound: Bool,
        _ aliases: ModelAliases
    ) throws(Problem) -> AllowedRoute {
        do throws(NotAllowed) {
            return try caller.allow(operation, model: model, fallbacks: fallbacks, isBound: isBound, aliases: aliases)
        } catch {
            throw Problem(error, operation)
        }
    }

    /// What answers at `route`: for who shows no API token that has its scope, an error.
    func handler(of route: Route) -> Route.Handler {
        switch route.access {
        case .anyone(let handler): handler
        case .token(let scope, let handler): guarded(scope, isPatient: route.outlastsStore, ending(route, handler))
        }
    }

    /// Has what `handler` does end with the API token: what waits for something at once, what may be paid for as the operator says.
    private func ending(_ route: Route, _ handler: @escaping Route.CallerHandler) -> Route.CallerHandler {
        let isCut = route.isPaidFor && cutsRevoked
        return { [tokens] request, context, caller in
            var context = context
            // Nothing of a call waits for it: its connection is closed, or it is answered.
            let end = route.isPaidFor ? nil : Signal()
            let channel = context.channel
            context.tokenEnd = end
            let open = tokens.open(caller) { ending in
                end?.fire()
                if isCut, ending == .revoked { channel.close(promise: nil) }
            }
            var response: Response
            do { response = try await handler(request, context, caller) } catch {
                open.end()
                throw error
            }
            // Only a stream goes on from here.
            guard response.body.contentLength == nil else {
                open.end()
                return response
            }
            let body = response.body
            response.body = ResponseBody { writer in
                defer { open.end() }
                try await body.write(writer)
            }
            return response
        }
    }

    private func guarded(_ scope: Scope, isPatient: Bool, _ handler: @escaping Route.CallerHandler) -> Route.Handler {
        { request, context in
            let caller = try await authorize(request, context, scope, isPatient: isPatient)
            context.access?.note(caller)
            context.trace?.letIn()
            guard let expiry = caller.expiryWarning(at: now()) else {
                return try await handler(request, context, caller)
            }
            do {
                var response = try await handler(request, context, caller)
                response.headers[.tokenExpires] = expiry.description
                return response
            } catch var problem as Problem {
                problem.headers[.tokenExpires] = expiry.description
                throw problem
            }
        }
    }

    private func authorize(
        _ request: Request,
        _ context: GatewayContext,
        _ scope: Scope,
        isPatient: Bool
    ) async throws -> Caller {
        let sentence: String
        switch try await authenticate(request, context, isPatient: isPatient) {
        case .caller(let caller):
            guard caller.scopes.contains(scope) else { throw Authorizer.lacks(scope, caller) }
            return caller
        case .storeDown:
            throw Problem(
                .serviceUnavailable,
                "store-unavailable",
                "the API token can't be checked now; try again",
                headers: [.retryAfter: "1"]
            )
        case .ownerDisabled:
            throw Problem(
                .forbidden,
                "owner-disabled",
                "the owner of this API token is disabled; tell the gateway's operator"
            )
        case .missing:
            sentence = "an API token is needed: add -H 'Authorization: Bearer slc_…'"
        case .wrongScheme:
            sentence = "only the scheme Bearer is taken: -H 'Authorization: Bearer slc_…'"
        case .junk, .unknown:
            sentence = "the API token is not one of this gateway's; check that it was copied whole"
        case .expired(let end):
            sentence = "the API token ended at \(end); ask the operator for a new one"
        case .revoked:
            sentence = "the API token was revoked; ask the operator for a new one"
        }
        throw unauthenticated(sentence, request, context)
    }

    /// What the places say in which an API token may stand: a good one in any of them counts.
    ///
    /// - Throws: ``Problem`` 401 where two of them are good, and not the same.
    private func authenticate(
        _ request: Request,
        _ context: GatewayContext,
        isPatient: Bool
    ) async throws(Problem) -> Authentication {
        var first: String?
        var others: [String] = []
        for field in context.surface.tokenFields {
            guard let value = request.headers.value(of: field), !value.isEmpty else { continue }
            let header = field == .authorization ? value : "Bearer \(value)"
            if first == nil { first = header } else if header != first { others.append(header) }
        }
        var answer = await tokens.authenticate(header: first, isPatient: isPatient)
        for header in others {
            let other = await tokens.authenticate(header: header, isPatient: isPatient)
            switch (answer, other) {
            case (.caller(let one), .caller(let another)) where one.token != another.token:
                throw unauthenticated("two different API tokens are given; leave one of them out", request, context)
            case (.caller, _): break
            case (_, .caller): answer = other
            default: break
            }
        }
        return answer
    }

    private func unauthenticated(_ sentence: String, _ request: Request, _ context: GatewayContext) -> Problem {
        let address = proxies.client(of: context.channel.remoteAddress?.ipAddress, request.headers) ?? "unknown"
        guard let pause = failures.failed(address) else {
            return Problem(
                .unauthorized,
                "unauthenticated",
                sentence,
                headers: [.wwwAuthenticate: "Bearer realm=\"sluice\""]
            )
        }
        return Problem(
            .tooManyRequests,
            "too-many-failures",
            "too many requests without a good API token came from this address; " + sentence,
            headers: [.retryAfter: String(max(1, pause.components.seconds + 1))]
        )
    }

    private static func lacks(_ scope: Scope, _ caller: Caller) -> Problem {
        let has = caller.scopes.map(\.rawValue).sorted().joined(separator: ", ")
        return Problem(
            .forbidden,
            "forbidden",
            "this API token lacks the scope \(scope.rawValue); it has \(has). The gateway's operator makes one with --scope \(scope.rawValue)",
            headers: [
                .wwwAuthenticate: "Bearer realm=\"sluice\", error=\"insufficient_scope\", scope=\"\(scope.rawValue)\""
            ]
        )
    }
}

extension Problem {
    fileprivate init(_ refusal: NotAllowed, _ operation: Operation) {
        let (pointer, asked, allowed) =
            switch refusal {
            case .operation(let allowed): ("/type", "the type \(operation.rawValue)", allowed.map(\.rawValue).sorted())
            case .model(let name, let allowed): ("/model", "the model \(name)", allowed)
            }
        self.init(
            .forbidden,
            "forbidden",
            "this API token may not ask for \(asked), only for \(allowed.joined(separator: ", "))",
            faults: [Fault(pointer, "is not allowed to this API token", allowed: allowed)]
        )
    }
}
