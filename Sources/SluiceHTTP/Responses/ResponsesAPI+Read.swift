import HTTPTypes
import Hummingbird
import SluiceDialects
import SluiceEngine
import SluiceStore
import SluiceTypes

extension ResponsesAPI {
    /// Answers `GET /v1/responses/{id}`: with the response as it stands, or as a stream.
    @Sendable
    func show(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        // Members that only change what a provider's answer holds pass, since ours holds what it held.
        var query = QueryReader(
            request.uri,
            known: ["stream", "starting_after", "include", "include[]", "include_obfuscation"]
        )
        let isStream = query.flag("stream")
        let after = query.value("starting_after", Int64.init, "must be a whole number from 0")
        if let after, after < 0 { throw Problem.invalid([Fault("starting_after", "must be a whole number from 0")]) }
        try query.finish()
        let found = try await found(context, caller)
        if isStream { return try await watch(found, after: after, context) }
        return try await told(found)
    }

    /// The object of a response, and what it waits for.
    func told(_ found: FoundResponse) async throws -> Response {
        var log: StoredLog?
        if found.job.state == .succeeded, found.job.result?.body.isEmpty != false {
            log = try await api.reader.progress(found.job.id, owner: found.job.owner, withLog: true)?.log
        }
        guard let object = found.object(log) else { throw ResponsesAPI.missing(found.id) }
        var response = Response.json(.ok, object)
        response.headers[.sluiceJob] = found.job.id.description
        if let reason = api.engine.waiting(found.job)?.reason, HTTPField.isValidValue(reason) {
            response.headers[.waitingFor] = reason
        }
        return response
    }

    /// Answers `GET /v1/responses/{id}/input_items`.
    @Sendable
    func listInput(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        var query = QueryReader(request.uri, known: ["order", "limit", "after", "before", "include", "include[]"])
        let order = query.value(
            "order",
            ResponsesInputItems.Order.init(rawValue:),
            "must be asc or desc"
        )
        let limit = query.integer("limit", ResponsesInputItems.limits, default: ResponsesInputItems.standardLimit)
        let after = query.text("after")
        try query.finish()
        let found = try await found(context, caller)
        do throws(ResponsesFault) {
            let items = try ResponsesInputItems(found.job.input?.body ?? [], of: found.job.id)
            return .json(.ok, try items.page(order ?? .descending, limit: limit, after: after))
        } catch {
            throw CallError(error)
        }
    }
}

extension CallError {
    /// What can't be done with a thread, or with one of its requests.
    init(_ fault: ResponsesFault) {
        self.init(.badRequest, code: nil, fault.message, parameter: fault.parameter)
    }
}

extension HTTPField.Name {
    static let waitingFor = known("x-sluice-waiting-for")
    static let upstreamCopy = known("x-sluice-upstream")
}
