/// What is kept of sync and streaming calls.
package enum Recording: String, Sendable, CaseIterable {
    /// The job with request and answer.
    case full
    /// The job, its attempts and what they used; neither request nor answer.
    case accounting
    /// Nothing.
    case none
}
