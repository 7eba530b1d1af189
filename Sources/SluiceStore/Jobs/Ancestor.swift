package import SluiceTypes

/// A job of a lineage: what was asked, and what was answered.
package struct Ancestor: Sendable {
    package var id: JobID
    /// How its input is read.
    package var format: RequestFormat
    package var finishedAt: Timestamp
    /// The received bytes.
    package var input: [UInt8]
    /// The provider's own object; empty where the answer came as a stream.
    package var result: [UInt8]
    /// The answer's events as the job's log encoded them, where ``result`` is empty.
    package var log: StoredLog?
    /// With whose account it was answered; nil where nobody told.
    package var account: String?
    /// The provider's id of its answer.
    package var upstreamID: String?

    package init(
        id: JobID,
        format: RequestFormat,
        finishedAt: Timestamp,
        input: [UInt8],
        result: [UInt8],
        log: StoredLog?,
        account: String?,
        upstreamID: String?
    ) {
        self.id = id
        self.format = format
        self.finishedAt = finishedAt
        self.input = input
        self.result = result
        self.log = log
        self.account = account
        self.upstreamID = upstreamID
    }
}
