import SluiceJSON

/// What a command does to many jobs, in the words of the admin API and of people.
enum ManyAction {
    /// Queues dead jobs again, to another model where one is given.
    case redrive(to: String?)
    /// Cancels jobs that have not ended.
    case cancel

    /// The last part of the admin API's path.
    var path: String {
        switch self {
        case .redrive: "redrive"
        case .cancel: "cancel"
        }
    }

    /// Under what the ids of the jobs that were changed stand in the answer, and in the report for scripts.
    var member: String {
        switch self {
        case .redrive: "queued"
        case .cancel: "cancelled"
        }
    }

    /// What a job is that was changed, in a sentence.
    var done: String {
        switch self {
        case .redrive: "queued again"
        case .cancel: "cancelled"
        }
    }

    /// What is at stake, and the question whether it is meant.
    var question: String {
        switch self {
        case .redrive: "and each is paid for again. Queue them?"
        case .cancel: "and none of them will be answered. Cancel them?"
        }
    }

    /// How often all pages are gone through: a job that has not ended may move to a page that was there before.
    var rounds: Int {
        switch self {
        case .redrive: 1
        case .cancel: 2
        }
    }

    /// The body of each request.
    var body: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                if case .redrive(let model) = self { writer.memberIfPresent("model", model) }
            }
        }
    }
}
