/// How a call begins for a caller who wants a stream.
package enum CallBeginning: Sendable {
    /// Chunks have come; the log has them from its beginning on.
    case stream(JobLog)
    case ended(CallEnd)
}
