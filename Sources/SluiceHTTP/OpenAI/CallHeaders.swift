import HTTPTypes
import SluiceEngine
import SluiceStore

/// The header fields that steer a call.
struct CallHeaders {
    var key: String?
    /// Which retry of an SDK this is, from 0; nil where the caller does not say.
    var retryCount: Int?
    var wantsAsync: Bool
    var onDisconnect: CallRequest.OnDisconnect
    /// The models that may answer in the place of the one that is asked for.
    var fallbacks: [String]
    /// The caller's conversation, as its header fields name it.
    var session: String?

    /// - Throws: ``Problem`` 400 for a key or a wish that can't be read, or that needs more than is recorded.
    init(_ headers: HTTPFields, _ recording: Recording) throws(Problem) {
        key = try RequestFields.idempotencyKey(headers)
        // A count that is none says at least that its sender counts.
        retryCount = headers[.stainlessRetryCount].map { Int($0) ?? 0 }
        wantsAsync = RequestFields.wantsAsync(headers)
        fallbacks = try Fallbacks.read(headers)
        session = CallSession.named(in: headers)
        // Where no answer is kept nobody can come back for one.
        let mayComeBack = recording == .full && (key != nil || retryCount != nil)
        switch headers[.onDisconnect] {
        case nil: onDisconnect = mayComeBack ? .grace : .cancel
        case "continue": onDisconnect = .continue
        case "cancel": onDisconnect = .cancel
        case .some:
            throw Problem.invalid([
                Fault("x-sluice-on-disconnect", "must be continue or cancel", allowed: ["continue", "cancel"])
            ])
        }
        guard recording != .full, !wantsAsync else { return }
        if key != nil {
            throw Problem.invalid([
                Fault(
                    "Idempotency-Key",
                    "can't be honoured: this gateway runs with --record \(recording.rawValue) and keeps no answers; leave it "
                        + "out, or send `Prefer: respond-async`"
                )
            ])
        }
        retryCount = nil
    }

    /// True when the caller may come back for the call, so that it must be stored before it is sent.
    var commitsFirst: Bool {
        key != nil || (retryCount ?? 0) > 0 || onDisconnect == .continue
    }
}

extension HTTPField.Name {
    /// OpenAI's SDKs count their tries with it.
    static let stainlessRetryCount = known("x-stainless-retry-count")
    static let onDisconnect = known("x-sluice-on-disconnect")
}
