import HTTPTypes
import Hummingbird
import SluiceJSON
import SluiceStore
import SluiceTypes

/// OpenAI's Responses over the same jobs.
struct ResponsesAPI: Sendable {
    let api: APIContext

    var calls: CallAPI { CallAPI(api: api, wire: ResponsesCalls()) }
    private var compactions: CallAPI { CallAPI(api: api, wire: ResponsesCalls(format: .openAICompaction)) }

    var surface: APISurface {
        APISurface(
            name: "responses",
            prefixes: ["/v1/responses", "/responses"],
            envelope: { problem, _ in OpenAIEnvelope.reply(CallError(problem)) },
            callEnvelope: { error, _ in OpenAIEnvelope.reply(error) },
            bodyLimit: api.settings.bodyLimit,
            tokenFields: [.authorization, .apiKey, .azureKey],
            waysIn: "the way in is POST /v1/responses",
            base: "/v1",
            routes: [
                calls.route(.chat, at: "/v1/responses", answer),
                compactions.route(.chat, at: "/v1/responses/compact", answer),
                Route(.get, "/v1/responses", .jobsWrite) { request, _, _ in try refuse(request) },
                calls.countingRoute(.chat, at: "/v1/responses/input_tokens"),
                Route(.get, "/v1/responses/{id}", .jobsRead, show),
                Route(.delete, "/v1/responses/{id}", .jobsWrite, delete),
                Route(.get, "/v1/responses/{id}/input_items", .jobsRead, listInput),
                Route(.post, "/v1/responses/{id}/cancel", .jobsCancel, cancel),
            ]
        )
    }

    /// Answers `GET /v1/responses`, by which Codex asks for a WebSocket: it goes on by POST at once where the answer is 426, and asks six
    /// times more where it is another (RFC 9110, section 15.5.22).
    private func refuse(_ request: Request) throws -> Response {
        guard request.headers[.upgradeAsked] != nil else {
            throw Problem(.methodNotAllowed, "method-not-allowed", "this path takes POST", headers: [.allow: "POST"])
        }
        throw Problem(
            .upgradeRequired,
            "upgrade-required",
            "there is no WebSocket here: send the request by POST",
            headers: [.upgrade: "HTTP/1.1"]
        )
    }

    /// Answers a call, now or later.
    @Sendable
    private func answer(_ call: ParsedCall, _ context: GatewayContext) async throws -> Response {
        let options: ResponsesOptions
        do throws(CallFault) { options = try ResponsesOptions(call.document.root) } catch { throw CallError(error) }
        let isWaitedFor = !options.isBackground && !call.headers.wantsAsync
        let call = call.continuing(
            try await ancestry(options, of: call.caller.owner),
            keepsBodies: options.stores ? nil : isWaitedFor ? JobLimits.briefly : JobLimits.brieflyInBackground
        )
        guard options.isBackground else { return try await calls.named(call, context) }
        return try await calls.naming(call) { try await background(call, options, context) }
    }
}

extension HTTPField.Name {
    /// What `Upgrade` is called behind the guard that takes it off; see ``UpgradeField``.
    fileprivate static let upgradeAsked = known(UpgradeField.otherName)
}
