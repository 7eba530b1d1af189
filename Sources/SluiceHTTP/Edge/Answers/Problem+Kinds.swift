import HTTPTypes
import SluiceJSON
import SluiceStore
import SluiceTypes

extension HTTPField.Name {
    static let requestID = known("x-request-id")
    static let accelBuffering = known("X-Accel-Buffering")
    static let lastEventID = known("Last-Event-ID")
    static let tokenExpires = known("x-sluice-token-expires")
    /// Where Anthropic's SDKs put a key, and those of Azure's OpenAI.
    static let apiKey = known("x-api-key")
    static let azureKey = known("api-key")
    static let idempotencyKey = known("Idempotency-Key")
    static let idempotencyReplayed = known("Idempotency-Replayed")
    static let prefer = known("Prefer")
    static let preferenceApplied = known("Preference-Applied")

    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("the header name is no token") }
        return name
    }
}

extension Problem {
    /// What became of the store, as a caller sees it.
    init(_ error: StoreError) {
        switch error.code {
        case .full:
            self.init(
                .init(code: 507, reasonPhrase: "Insufficient Storage"),
                "disk-full",
                "the disk is full, so nothing was stored; try again when the operator has made room",
                headers: [.retryAfter: "30"]
            )
        case .unavailable, .closed:
            self.init(
                .serviceUnavailable,
                "store-unavailable",
                "the store can't be reached now; try again, with an Idempotency-Key if this was a new prompt",
                headers: [.retryAfter: "1"]
            )
        case .refused:
            self.init(.conflict, "refused", "the store was asked for what can't be done as things are")
        case .locked, .schema, .corrupt:
            self.init(
                .serviceUnavailable,
                "store-unavailable",
                "the store can't be used until the operator has mended it; the gateway's log tells the cause"
            )
        }
    }

    /// Why a body is no JSON that is taken.
    init(_ error: JSONError) {
        let named = error.name.map { ": \(Redaction.quoted($0))" } ?? ""
        self.init(
            .badRequest,
            "malformed-json",
            "the body is not acceptable JSON: \(error)\(named)",
            faults: [Fault("", error.message + named, at: error.position)]
        )
    }

    static func invalid(_ faults: [Fault]) -> Problem {
        let first = faults.first.map { $0.pointer.isEmpty ? $0.detail : "\($0.pointer): \($0.detail)" } ?? ""
        let more = faults.count > 1 ? " (and \(faults.count - 1) more, see errors)" : ""
        return Problem(.badRequest, "invalid-request", first + more, faults: faults)
    }

    static func notFound(_ detail: String) -> Problem {
        Problem(.notFound, "not-found", detail)
    }

    static var promptNotFound: Problem {
        notFound("no prompt of yours has this id")
    }

    static func wrongState(_ state: JobState, _ what: String) -> Problem {
        Problem(.conflict, "wrong-state", "the prompt is \(state.rawValue); \(what)")
    }

    /// Every row that serves `model` lacks something: only the operator can help, so nobody is told to come again.
    static func unavailable(_ row: String, _ model: String) -> Problem {
        Problem(
            .serviceUnavailable,
            "provider-unavailable",
            "the provider row \(row), which serves \(model), is not set up; tell the gateway's operator, or ask for another "
                + "model",
            headers: [.shouldRetry: "false"]
        )
    }

    /// What is held for others leaves no room for more.
    static var memoryFull: Problem {
        Problem(
            .serviceUnavailable,
            "busy",
            "the gateway holds as many bytes of requests and answers as it may (--max-memory); try again",
            headers: [.retryAfter: "1"]
        )
    }

    static func tooLarge(_ limit: Int) -> Problem {
        Problem(
            .contentTooLarge,
            "too-large",
            "the body is larger than the \(limit) bytes that are taken; send a shorter prompt",
            headers: [.connection: "close"]
        )
    }
}

extension Problem {
    /// Why a call has no answer, for a surface that has no calls of its own.
    init(_ error: CallError) {
        let code = (error.code ?? error.type).replacing("_", with: "-")
        self.init(error.status, code, error.message, headers: error.headers)
    }
}
