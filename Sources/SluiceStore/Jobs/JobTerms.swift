package import SluiceTypes

/// How a job came in, and how its caller wants it done.
package struct JobTerms: Sendable, Hashable {
    package var surface: Surface
    package var entry: JobEntry
    /// How its input is read.
    package var format: RequestFormat
    package var stream: Bool
    /// The caller's conversation, for reports; nil where it names none.
    package var session: String?
    /// By what its caller tells it from others in what was used; nil where neither the request nor its API token names a tag.
    package var tag: String?
    package var lane: Lane
    /// How many failures that count end it.
    package var tries: Int
    package var onUnknown: OnUnknown
    /// The failed job that this one repeats for a caller who tried again.
    package var retryOf: JobID?
    /// How long after its end what was asked and answered is kept, for a caller who asked that it not be stored; nil keeps it
    /// for as long as the job.
    ///
    /// See ``JobLimits/briefly``.
    package var keepsBodies: Duration?

    package init(
        surface: Surface,
        entry: JobEntry = .queue,
        format: RequestFormat,
        stream: Bool = false,
        session: String? = nil,
        tag: String? = nil,
        lane: Lane,
        tries: Int = JobLimits.tries,
        onUnknown: OnUnknown,
        retryOf: JobID? = nil,
        keepsBodies: Duration? = nil
    ) {
        self.surface = surface
        self.entry = entry
        self.format = format
        self.stream = stream
        self.session = session
        self.tag = tag
        self.lane = lane
        self.tries = tries
        self.onUnknown = onUnknown
        self.retryOf = retryOf
        self.keepsBodies = keepsBodies
    }
}
