package import SluiceStore
import SluiceTypes

extension Engine {
    /// What the provider itself said to a job that is dead of it, as it came, for whoever asks for the job again.
    ///
    /// It stands in the log of the job's last attempt. Nil where that attempt brought no error in its dialect's shape, where the job died
    /// of something else later, where nothing is kept of it, and while the store can't be read.
    package func own(of job: JobRecord) async -> CallFailure.Own? {
        guard job.state == .dead, let attempt = job.lastAttempt, attempt.report?.errorClass == job.errorClass,
            let progress = try? await store.progress(job.id, owner: job.owner, withLog: true),
            progress.attempt?.epoch == attempt.epoch, let log = progress.log?.bytes, LogFormat.canRead(log)
        else { return nil }
        return CallFailure.Own(log)
    }
}

extension CallFailure.Own {
    /// The error by which an attempt with this log ended; nil for none, and for one in another shape than its dialect's.
    fileprivate init?(_ log: [UInt8]) {
        let errors = LogEntries(log: log).filter { $0.kind == .error }
        guard let error = errors.last.flatMap({ LoggedError($0.payload) }), let envelope = error.envelope else {
            return nil
        }
        self.init(status: error.status, body: error.body, envelope: envelope)
    }
}
