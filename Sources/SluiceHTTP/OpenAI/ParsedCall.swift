import SluiceStore
import SluiceTypes

/// A call as it came in.
final class ParsedCall: Sendable {
    let allowed: AllowedModel
    let format: RequestFormat
    let fields: CallFields
    let headers: CallHeaders
    let body: [UInt8]
    let fingerprint: [UInt8]
    let caller: Caller

    init(
        allowed: AllowedModel,
        format: RequestFormat,
        fields: CallFields,
        headers: CallHeaders,
        body: [UInt8],
        fingerprint: [UInt8],
        caller: Caller
    ) {
        self.allowed = allowed
        self.format = format
        self.fields = fields
        self.headers = headers
        self.body = body
        self.fingerprint = fingerprint
        self.caller = caller
    }

    /// The job that the call is, made at `now`.
    func job(as entry: JobEntry, at now: Timestamp, onUnknown: OnUnknown, retryOf: JobID? = nil) -> NewJob {
        NewJob(
            allowed,
            id: .generate(at: now),
            terms: JobTerms(
                surface: .openAI,
                entry: entry,
                format: format,
                stream: fields.stream,
                lane: .interactive,
                onUnknown: onUnknown,
                retryOf: retryOf
            ),
            createdAt: now,
            fingerprint: fingerprint,
            idempotencyKey: headers.key,
            input: JobInput(body: body)
        )
    }
}
