package import SluiceTypes

/// What an attempt is about to use.
package struct AttemptStart: Sendable, Hashable {
    /// The provider row's name.
    package var row: String
    /// The credential's slot in that row, never its value; nil for a row without one.
    package var credential: String?
    /// The model's name as the provider knows it.
    package var model: String
    /// The hash of the row's configuration, 64 hex digits; see ``ConfigStore``.
    package var configHash: String
    package var startedAt: Timestamp

    package init(row: String, credential: String?, model: String, configHash: String, startedAt: Timestamp) {
        self.row = row
        self.credential = credential
        self.model = model
        self.configHash = configHash
        self.startedAt = startedAt
    }
}

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
    package var usage: Usage?

    package init(
        firstByteAt: Timestamp? = nil,
        endedAt: Timestamp,
        httpStatus: Int? = nil,
        errorClass: ErrorClass? = nil,
        message: String? = nil,
        upstreamID: String? = nil,
        usage: Usage? = nil
    ) {
        self.firstByteAt = firstByteAt
        self.endedAt = endedAt
        self.httpStatus = httpStatus
        self.errorClass = errorClass
        self.message = message
        self.upstreamID = upstreamID
        self.usage = usage
    }
}

/// What an attempt left behind, whole or not: one row beside the attempt.
package struct AttemptOutput: Sendable, Hashable {
    /// The events in order, as the job's log encoded them.
    package var log: [UInt8]
    /// The text so far.
    package var text: String
    /// True when the provider finished.
    package var complete: Bool

    package init(log: [UInt8], text: String, complete: Bool) {
        self.log = log
        self.text = text
        self.complete = complete
    }
}

/// An answer, as it is stored.
package struct Success: Sendable {
    package var report: AttemptReport
    package var output: AttemptOutput
    /// The provider's own object; empty where it sent none.
    package var body: [UInt8]
    /// Why the model stopped, in OpenAI's words.
    package var finish: String

    package init(report: AttemptReport, output: AttemptOutput, body: [UInt8], finish: String) {
        self.report = report
        self.output = output
        self.body = body
        self.finish = finish
    }
}

/// A failed attempt and what shall follow.
package struct Failure: Sendable {
    package var report: AttemptReport
    /// What the attempt brought before it failed; nil for nothing.
    package var output: AttemptOutput?
    /// True when nobody can tell whether the provider carried the call out: the attempt is `unknown`, not `failed`.
    package var outcomeIsUnknown: Bool
    /// True when it spends one of the job's ``JobTerms/tries``.
    package var counts: Bool
    /// When to try again; nil for never.
    ///
    /// A failure that spends the last try makes the job dead whatever stands here.
    package var retryAt: Timestamp?

    package init(
        report: AttemptReport,
        output: AttemptOutput? = nil,
        outcomeIsUnknown: Bool = false,
        counts: Bool,
        retryAt: Timestamp?
    ) {
        self.report = report
        self.output = output
        self.outcomeIsUnknown = outcomeIsUnknown
        self.counts = counts
        self.retryAt = retryAt
    }
}

/// One row of a job's history.
package struct AttemptRecord: Sendable, Hashable {
    package var epoch: Int64
    package var start: AttemptStart
    /// Nil while the attempt runs.
    package var outcome: AttemptOutcome?
    /// Nil while the attempt runs.
    package var report: AttemptReport?

    package init(epoch: Int64, start: AttemptStart, outcome: AttemptOutcome?, report: AttemptReport?) {
        self.epoch = epoch
        self.start = start
        self.outcome = outcome
        self.report = report
    }
}
