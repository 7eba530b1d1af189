import HTTPTypes
import SluiceDialects
import SluiceEngine
import SluiceStore
import SluiceTypes

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
    /// By what the call is told from others in what was used.
    var tag: String?

    /// Where the caller's trace stands; nil for a caller without one.
    var trace: TraceContext?

    /// By what a coding agent names what it asks for; it sends the same again without a count.
    var agent: String?
    /// What of the head goes on to the provider.
    var forwarded: ForwardedFields
    /// What stands in the fields that may hold an API token.
    private let shown: [String]

    /// Reads `headers` as a surface's clients mean them.
    ///
    /// - Throws: ``Problem`` 400 for a key or a wish that can't be read, or that needs more than is recorded.
    init(
        _ headers: HTTPFields,
        of wire: any CallSurface,
        in format: RequestFormat,
        _ recording: Recording
    ) throws(Problem) {
        shown = CallHeaders.tokenFields.compactMap { headers.value(of: $0) }
        key = try RequestFields.idempotencyKey(headers)
        // A count that is none says at least that its sender counts.
        retryCount = headers.value(of: .stainlessRetryCount).map { Int($0) ?? 0 }
        wantsAsync = RequestFields.wantsAsync(headers)
        fallbacks = try Fallbacks.read(headers)
        session = CallSession.named(in: headers, wire.sessionFields)
        tag = try RequestFields.tag(headers)
        trace = TraceContext(headers)
        agent = CallHeaders.agent(headers)
        forwarded = try CallHeaders.forwarded(headers, in: format)
        // Where no answer is kept nobody can come back for one.
        let mayComeBack = recording == .full && (key != nil || retryCount != nil || agent != nil)
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
        agent = nil
    }

    /// What the caller shows to be let in: nothing that it is told may repeat it.
    ///
    /// Taken apart when it is asked for, since most calls are told nothing of that kind.
    var secrets: [Secret] { shown.compactMap { $0.split(separator: " ").last.map { Secret(String($0)) } } }

    private static let tokenFields: [HTTPField.Name] = [.authorization, .apiKey, .azureKey]
    private static let agentFields: [HTTPField.Name] = [.threadID, .claudeSession, .clientRequestID]

    private static func agent(_ headers: HTTPFields) -> String? {
        for field in agentFields {
            if let value = headers.value(of: field), !value.isEmpty {
                return "\(field.canonicalName): \(value.prefix(256))"
            }
        }
        return nil
    }

    private static func forwarded(_ headers: HTTPFields, in format: RequestFormat) throws(Problem) -> ForwardedFields {
        let head = headers.lazy.map { (name: $0.name.canonicalName, value: $0.value) }
        do throws(ForwardedFields.Fault) { return try ForwardedFields(of: head, in: format) } catch {
            throw Problem.invalid([Fault(error.name, error.what)])
        }
    }

    /// True when the caller may come back for the call, so that it must be stored before it is sent.
    var commitsFirst: Bool {
        key != nil || (retryCount ?? 0) > 0 || onDisconnect == .continue
    }
}

extension HTTPField.Name {
    /// OpenAI's SDKs count their tries with it.
    static let stainlessRetryCount = known("x-stainless-retry-count")
    static let threadID = known("thread-id")
    static let claudeSession = known("x-claude-code-session-id")
    static let clientRequestID = known("x-client-request-id")
    static let anthropicVersion = known("anthropic-version")
    static let onDisconnect = known("x-sluice-on-disconnect")
}
