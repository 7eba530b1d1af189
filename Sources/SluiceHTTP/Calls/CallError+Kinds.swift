import HTTPTypes
import SluiceEngine
import SluiceStore
import SluiceTypes

extension CallError {
    /// What the native API would say, in the words of calls.
    init(_ problem: Problem) {
        let first = problem.faults.first
        let code: String? =
            switch problem.code {
            case "unauthenticated": "invalid_api_key"
            case "too-many-failures": "rate_limit_exceeded"
            case "forbidden": "insufficient_permissions"
            case "malformed-json", "invalid-request", "not-json", "cut-short": nil
            default: problem.code.replacing("-", with: "_")
            }
        self.init(
            problem.status,
            code: code,
            problem.detail,
            parameter: first.flatMap { CallError.parameter(at: $0.pointer) },
            headers: problem.headers
        )
    }

    /// `messages[0].role` for `/messages/0/role`, as OpenAI names its parameters; nil for a whole body and for what is no
    /// pointer.
    static func parameter(at pointer: String) -> String? {
        guard pointer.hasPrefix("/") else { return nil }
        var name = ""
        for part in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            if !name.isEmpty, part.allSatisfy(\.isNumber) {
                name += "[\(part)]"
            } else {
                name += name.isEmpty ? String(part) : ".\(part)"
            }
        }
        return name
    }

    /// A call that brought no answer; the provider's own error passes where its shape is `envelope`.
    init(_ failure: CallFailure, in envelope: ErrorEnvelope) {
        let kind = Kind(failure)
        self.init(
            kind.status,
            type: kind.type,
            code: kind.code,
            failure.possiblyCharged ? CallError.notAgain(failure.message) : failure.message,
            parameter: failure.parameter ?? kind.parameter,
            headers: kind.headers
        )
        errorClass = failure.errorClass
        if let told = failure.own, told.envelope == envelope,
            let code = told.code(for: failure.errorClass, otherwise: status.code)
        {
            own = told.body
            status = HTTPResponse.Status(code: code)
        }
        if status == .conflict { headers[.shouldRetry] = "false" }
        // A provider may forbid to ask again, and not ask for it: what else is known of the failure may forbid it.
        let name = HTTPField.Name.shouldRetry.canonicalName
        headers.pass(failure.fields.filter { $0.key != name || $0.value == "false" })
        if failure.possiblyCharged { forbidRepetition() }
        if [429, 503, 529].contains(status.code), headers[.shouldRetry] == nil { wait(failure.retryAfter) }
    }

    /// What is said of a failure that may have been paid for.
    private static func notAgain(_ message: String) -> String {
        let end = message.last.map { ".!?".contains($0) } == true ? "" : "."
        return message + end
            + " The provider may have charged for it, so it was not sent again: look at the job, or send it anew "
            + "to pay for another try."
    }

    /// The call went out while it was being stored, and that failed: there is no job, and no second try.
    static func notStored(_ error: StoreError) -> CallError {
        var told = CallError(Problem(error))
        told.message =
            "the call went out, but it could not be stored, so its answer was thrown away; the provider may have charged "
            + "for it, so send it again only to pay for another try"
        // No word of when to come again.
        told.headers = [:]
        told.forbidRepetition()
        return told
    }

    /// Keeps the SDKs from paying again by themselves.
    private mutating func forbidRepetition() {
        headers[.shouldRetry] = "false"
        headers[.possiblyCharged] = "true"
    }

    /// Says when to come again; in a second where nobody knows better.
    mutating func wait(_ pause: Duration?) {
        let milliseconds = pause.map {
            max(0, $0.components.seconds * 1000 + $0.components.attoseconds / 1_000_000_000_000_000)
        }
        headers[.retryAfter] = String(max(1, ((milliseconds ?? 1000) + 999) / 1000))
        headers[.retryAfterMilliseconds] = milliseconds.map { String(max(1, $0)) }
    }

    /// Every row that serves the model is busy.
    static func full(_ model: String) -> CallError {
        var error = CallError(
            .tooManyRequests,
            type: "rate_limit_error",
            code: "rate_limit_exceeded",
            "every provider row that serves \(model) is busy; try again, or send it with `Prefer: respond-async` to have it "
                + "queued"
        )
        error.wait(nil)
        return error
    }

    /// No row takes calls now.
    static func closed(_ hold: Hold) -> CallError {
        var error: CallError
        switch hold.kind {
        // Waiting is of no use.
        case .lack, .paused:
            return CallError(
                .serviceUnavailable,
                code: "upstream_unavailable",
                hold.reason,
                headers: [.shouldRetry: "false"]
            )
        case .refused, .suspected:
            return CallError(
                .badGateway,
                code: "upstream_authentication",
                hold.reason,
                headers: [.shouldRetry: "false"]
            )
        case .money:
            return CallError(
                .tooManyRequests,
                type: "insufficient_quota",
                code: "insufficient_quota",
                hold.reason,
                headers: CallError.final(.seconds(121))
            )
        case .limit:
            error = CallError(.tooManyRequests, type: "rate_limit_error", code: "rate_limit_exceeded", hold.reason)
        case .rest, .away: error = CallError(.serviceUnavailable, code: "upstream_unavailable", hold.reason)
        }
        error.wait(hold.opensIn)
        return error
    }

    /// Answers wait to be stored, more of them than may be held.
    static var behind: CallError {
        CallError(
            .serviceUnavailable,
            code: "store_unavailable",
            "the store has fallen behind, and answers wait for it; try again in a moment",
            headers: [.retryAfter: "5"]
        )
    }

    static var keyReused: CallError {
        CallError(
            .unprocessableContent,
            code: "idempotency_key_reused",
            "this Idempotency-Key was used with another body; use a new key for a new request"
        )
    }

    /// What the request continues was deleted, or its time was over, since it was looked up.
    static var previousGone: CallError {
        CallError(
            .badRequest,
            code: "previous_response_not_found",
            "what this request continues is not there any more; send the whole conversation",
            parameter: "previous_response_id"
        )
    }

    /// The stream has run away from its reader; the job goes on.
    static func tooSlow(_ id: JobID) -> CallError {
        CallError(
            .requestTimeout,
            type: "invalid_request_error",
            code: "slow_reader",
            "this stream was read too slowly, so it ends here; job \(id) goes on: read the rest at /v1/prompts/\(id)/events"
        )
    }

    /// An answer broke off whose beginning was shown, and its job is tried again.
    static var triedAgain: CallError {
        CallError(
            .badGateway,
            code: "interrupted",
            "the answer broke off, and is asked for again; the same request finds the new one"
        )
    }

    static var stopping: CallError {
        CallError(
            .serviceUnavailable,
            code: "stopping",
            "the gateway is stopping; the same request finds its answer after the restart",
            headers: [.retryAfter: "5"]
        )
    }
}

extension CallFailure.Own {
    /// The status with which the caller gets it as it came, `standard` where the provider gave none; nil where it is told in our words.
    ///
    /// 401 and 403 would be said of the gateway's own API token: what the provider says of the gateway's key is its operator's affair, and
    /// a 403 about the request is a 400.
    fileprivate func code(for errorClass: ErrorClass, otherwise standard: Int) -> Int? {
        guard errorClass != .authentication, errorClass != .misconfigured else { return nil }
        return switch status {
        case nil: standard
        case 403: errorClass.isAboutRequest ? 400 : nil
        case 401: nil
        case let status?: (400..<600).contains(status) ? status : nil
        }
    }
}

/// How the surface names a class of failure.
private struct Kind {
    var status: HTTPResponse.Status
    var type: String?
    var code: String?
    var parameter: String?
    var headers: HTTPFields = [:]

    init(_ failure: CallFailure) {
        switch failure.errorClass {
        case .invalidRequest, .contentFilter:
            // The provider's own refusal; the few statuses that mean something else from us are not passed on.
            let own = failure.httpStatus.flatMap {
                (400..<500).contains($0) && ![401, 403, 408].contains($0) ? $0 : nil
            }
            status = HTTPResponse.Status(code: own ?? 400)
            // A request that is larger than its whole allowance: no patience helps.
            if own == 429 { headers = [.shouldRetry: "false"] }
            type = failure.type
            code = failure.code ?? (failure.errorClass == .contentFilter ? "content_filter" : nil)
        case .tokenLimit:
            status = .badRequest
            type = failure.type
            code = "context_length_exceeded"
        case .invalidModel:
            status = .notFound
            code = "model_not_found"
            parameter = "model"
        // Never 401: that is said of the gateway's own API token.
        case .authentication:
            status = .badGateway
            code = "upstream_authentication"
            // Every key of the row was asked, and only its operator can help.
            headers = [.shouldRetry: "false"]
        // About this request alone. A 403 from us would be said of the gateway's own API token.
        case .permission:
            status = HTTPResponse.Status(code: failure.httpStatus == 402 ? 402 : 400)
            type = failure.type
            code = failure.code
            headers = [.shouldRetry: "false"]
        case .quota:
            status = .tooManyRequests
            type = "insufficient_quota"
            code = "insufficient_quota"
            headers = CallError.final(.seconds(121))
        case .rateLimit:
            status = .tooManyRequests
            type = failure.type ?? "rate_limit_error"
            code = failure.code ?? "rate_limit_exceeded"
        case .overloaded:
            status = .serviceUnavailable
            code = failure.code ?? "overloaded"
        // The provider's own word for what may pass by itself, a conflict or an early request.
        case .server where failure.httpStatus.map { (400..<500).contains($0) } == true:
            status = HTTPResponse.Status(code: failure.httpStatus ?? 502)
            type = failure.type
            code = failure.code
        case .server, .unknown:
            status = .badGateway
            code = failure.code ?? "upstream_error"
        case .network:
            status = failure.wasSent ? .badGateway : .serviceUnavailable
            code = "upstream_unreachable"
        case .misconfigured:
            status = .badGateway
            code = "upstream_misconfigured"
            headers = [.shouldRetry: "false"]
        case .malformedResponse:
            status = .badGateway
            code = "upstream_malformed"
        case .timeout where !failure.wasSent:
            status = .serviceUnavailable
            code = "upstream_unreachable"
        // The provider's own word for it, where it gave one.
        case .timeout:
            let own = failure.httpStatus.flatMap { [408, 524].contains($0) ? $0 : nil }
            status = HTTPResponse.Status(code: own ?? 504)
            code = "upstream_timeout"
        case .interrupted:
            status = .badGateway
            code = "interrupted"
        case .expired:
            status = .gatewayTimeout
            code = "expired"
        case .corrupt:
            status = .internalServerError
            code = "corrupt"
            headers = [.shouldRetry: "false"]
        case .poison:
            status = .internalServerError
            code = "poison"
            headers = [.shouldRetry: "false"]
        case .cancelled:
            status = .conflict
            code = "cancelled"
        case .previousGone:
            status = .badRequest
            code = "previous_response_not_found"
            parameter = "previous_response_id"
        }
    }
}

extension CallFailure {
    /// The failure that a stored job tells of.
    init(_ job: JobRecord) {
        let failure = job.failure
        self.init(
            failure?.errorClass ?? .unknown,
            failure?.message ?? ErrorClass.unknown.sentence,
            httpStatus: failure?.attempt?.report?.httpStatus,
            possiblyCharged: job.possiblyCharged
        )
    }
}
