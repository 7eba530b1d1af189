/// The counters that end a job; the table "What counts, and against what" in `docs/jobs.md` tells what raises them.
package enum JobLimits {
    /// Failures that count before a job is dead, unless it says otherwise: the first try and one retry.
    package static let tries = 2
    /// How many failures a job may be allowed.
    package static let triesAllowed = 1...20
    /// Crashes of the gateway under a job before it is taken for the cause.
    package static let interrupts = 5
    /// How many queued jobs die at once of the deletion of what they continue: whoever waits for the store waits for all of them.
    package static let withdrawn = 256
    /// How long after its end what was asked and answered is kept, for a caller who asked that it not be stored: time to read the end
    /// of a stream that broke.
    package static let briefly = Duration.seconds(60)
    /// The same for a job in the background, whose caller comes back for the answer.
    package static let brieflyInBackground = Duration.seconds(600)
    /// The longest name of a model, in bytes: no row can name a longer one either.
    package static let modelBytes = 256
    /// The longest that a caller may put a job off.
    package static let delay = Duration.seconds(30 * 86_400)
    /// The longest wait that the gateway itself asks for after a failure, unless a provider asked for more.
    package static let pause = Duration.seconds(60)
    /// By how much the wall clock may lead, or trail, the time that is believed, and still be right.
    package static let clockLead = Duration.seconds(3600)
}
