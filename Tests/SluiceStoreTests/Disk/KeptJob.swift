import SluiceStore
import SluiceTypes

/// One job in a ledger that is kept outside of the store: what was acknowledged, and what was asked without an answer.
struct KeptJob {
    /// What a store must be able to tell of a job.
    struct Facts: Equatable, CustomStringConvertible {
        var state = JobState.queued
        var model: String
        var epoch: Int64 = 0
        var failures = 0
        var interrupts = 0
        /// The epochs of its attempts, oldest first.
        var attempts: [Int64] = []
        var text: String?
        var hasBodies = true

        var description: String {
            "\(state) at epoch \(epoch), failures \(failures), interrupts \(interrupts), attempts \(attempts), "
                + "\(text.map { "text '\($0)'" } ?? "no text"), \(hasBodies ? "with" : "without") bodies"
        }
    }

    let job: NewJob
    /// The last answer that came; nil while not even the submission was acknowledged.
    var known: Facts?
    /// What an operation without an answer would have made of it.
    var maybe: Facts?

    init(_ job: NewJob) {
        self.job = job
        maybe = Facts(model: job.model)
    }

    /// Notes that what was asked was acknowledged.
    mutating func acknowledge() {
        if let maybe { known = maybe }
        maybe = nil
    }

    /// Notes that what was asked did not happen.
    mutating func forget() {
        maybe = nil
    }

    /// What is wrong with what the store tells of the job; takes over what it chose where it had the choice.
    mutating func compare(_ record: JobRecord?, _ attempts: [AttemptRecord]?) -> Loss? {
        guard let record else { return known.map { .lost("\(job.id), acknowledged as \($0), is not there") } }
        let found = Facts(record, attempts ?? [])
        if found.hasBodies {
            guard record.input == job.input else { return .changed("\(job.id): the input is not what was sent") }
            guard record.owner == job.owner else { return .changed("\(job.id): the owner is \(record.owner)") }
        }
        guard found == known || found == maybe else {
            let expected = [known, maybe].compactMap { $0?.description }.joined(separator: ", or ")
            return .changed("\(job.id) is \(found); it should be \(expected)")
        }
        known = found
        maybe = nil
        return nil
    }
}

extension KeptJob.Facts {
    init(_ record: JobRecord, _ attempts: [AttemptRecord]) {
        self.init(
            state: record.state,
            model: record.model,
            epoch: record.epoch,
            failures: record.failures,
            interrupts: record.interrupts,
            attempts: attempts.map(\.epoch),
            text: record.result?.text,
            hasBodies: record.input != nil
        )
    }
}

/// A promise that was not kept.
enum Loss: CustomStringConvertible {
    case lost(String)
    case changed(String)

    var description: String {
        switch self {
        case .lost(let what): "LOST: \(what)"
        case .changed(let what): "CHANGED: \(what)"
        }
    }
}
