/// How a call begins for a caller who wants a stream.
package enum CallBeginning: Sendable {
    /// Content has come; the log has it, and what came before it, from its beginning on.
    case stream(JobLog)
    case ended(CallEnd)
    /// Nothing yet, for as long as was waited: a request is out, and may still be answered by anybody.
    case quiet
}
