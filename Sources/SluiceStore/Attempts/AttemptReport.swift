package import SluiceTypes

/// What is known of an attempt when it ends.
package struct AttemptReport: Sendable, Hashable {
    package var firstByteAt: Timestamp?
    package var endedAt: Timestamp
    package var httpStatus: Int?
    package var errorClass: ErrorClass?
    /// One sentence, scrubbed of secrets.
    package var message: String?
    /// The provider's id of its answer.
    package var upstreamID: String?
    /// Why the model stopped, in the provider's own word: 256 bytes at most.
    package var finishUpstream: String?
    /// What of the request the provider's format has no place for, each by its name; a store keeps the first 16 KiB of them.
    package var dropped: [String]
    /// How many earlier turns were sent along because the provider did not have them; nil where none was continued.
    package var rebuiltTurns: Int?
    /// What it used and cost, as far as is known; nil where nothing is charged for.
    package var entry: LedgerEntry?

    package init(
        firstByteAt: Timestamp? = nil,
        endedAt: Timestamp,
        httpStatus: Int? = nil,
        errorClass: ErrorClass? = nil,
        message: String? = nil,
        upstreamID: String? = nil,
        finishUpstream: String? = nil,
        dropped: [String] = [],
        rebuiltTurns: Int? = nil,
        entry: LedgerEntry? = nil
    ) {
        self.firstByteAt = firstByteAt
        self.endedAt = endedAt
        self.httpStatus = httpStatus
        self.errorClass = errorClass
        self.message = message
        self.upstreamID = upstreamID
        self.finishUpstream = finishUpstream
        self.dropped = dropped
        self.rebuiltTurns = rebuiltTurns
        self.entry = entry
    }

    /// The report of a run that nobody saw the end of, and of which `stake` was told when it began.
    package static func unseen(
        endedAt: Timestamp,
        _ errorClass: ErrorClass,
        _ stake: AttemptStake?
    ) -> AttemptReport {
        AttemptReport(endedAt: endedAt, errorClass: errorClass, entry: .guessed(stake))
    }
}
