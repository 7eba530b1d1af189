import SluiceDialects
import SluiceEngine
import SluiceJSON
import SluiceMoney
import SluiceStore
import SluiceTypes

/// A call as it came in.
final class ParsedCall: Sendable {
    let surface: Surface
    let allowed: AllowedRoute
    let format: RequestFormat
    let fields: CallFields
    let headers: CallHeaders
    let document: Document
    let fingerprint: [UInt8]
    /// By what a coding agent finds the call again that sends it anew without a count; nil for other callers.
    let agentKey: [UInt8]?
    /// Where the caller's conversation is known by; nil where that makes no difference.
    let session: CallRequest.Session?
    let caller: Caller
    /// What it continues; nil for a call that begins anew.
    let ancestry: Ancestry?
    /// How long after its end its bodies are kept; nil for as long as its job.
    let keepsBodies: Duration?

    init(
        surface: Surface,
        allowed: AllowedRoute,
        format: RequestFormat,
        fields: CallFields,
        headers: CallHeaders,
        document: Document,
        fingerprint: [UInt8],
        agentKey: [UInt8]?,
        session: CallRequest.Session?,
        caller: Caller,
        ancestry: Ancestry? = nil,
        keepsBodies: Duration? = nil
    ) {
        self.surface = surface
        self.allowed = allowed
        self.format = format
        self.fields = fields
        self.headers = headers
        self.document = document
        self.fingerprint = fingerprint
        self.agentKey = agentKey
        self.session = session
        self.caller = caller
        self.ancestry = ancestry
        self.keepsBodies = keepsBodies
    }

    /// The same call as one that continues another, and whose bodies are kept for so long.
    func continuing(_ ancestry: Ancestry?, keepsBodies: Duration?) -> ParsedCall {
        guard ancestry != nil || keepsBodies != nil else { return self }
        return ParsedCall(
            surface: surface,
            allowed: allowed,
            format: format,
            fields: fields,
            headers: headers,
            document: document,
            fingerprint: fingerprint,
            agentKey: agentKey,
            session: session,
            caller: caller,
            ancestry: ancestry,
            keepsBodies: keepsBodies
        )
    }

    /// The job that the call is, made at `now`; `tries` are those of a job that names none.
    func job(as entry: JobEntry, at now: Timestamp, tries: Int, onUnknown: OnUnknown, retryOf: JobID? = nil) -> NewJob {
        NewJob(
            allowed,
            id: .generate(at: now),
            terms: JobTerms(
                surface: surface,
                entry: entry,
                format: format,
                stream: fields.stream,
                session: headers.session,
                tag: headers.tag,
                lane: .interactive,
                tries: tries,
                onUnknown: onUnknown,
                retryOf: retryOf,
                keepsBodies: keepsBodies
            ),
            size: RequestSize(of: document, for: allowed.operation),
            ancestry: ancestry,
            createdAt: now,
            fingerprint: fingerprint,
            idempotencyKey: headers.key,
            input: JobInput(document, fields: headers.forwarded.json, trace: headers.trace)
        )
    }
}
