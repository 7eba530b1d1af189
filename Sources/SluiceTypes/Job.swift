/// Where a job stands.
///
/// `succeeded`, `dead` and `cancelled` are ends; only a redrive leads out of `dead`.
public enum JobState: String, Sendable, CaseIterable {
    case queued
    case running
    case succeeded
    case dead
    case cancelled

    /// True when no attempt will follow unless an operator asks for one.
    public var isTerminal: Bool { self != .queued && self != .running }
}

/// What is asked of a model; on the wire the request's `type`.
public enum Operation: String, Sendable, CaseIterable {
    case chat
    case completion
    case embedding
}

/// Which queue a job stands in: interactive work is claimed before bulk work.
public enum Lane: String, Sendable, CaseIterable {
    case interactive
    case bulk
}

/// The door a job came in by, which decides how its input is read and its answer shown.
public enum Surface: String, Sendable, CaseIterable {
    /// The native API and the original paths: the body is `{type, model, prompt, …}`.
    case prompt
    /// The OpenAI surface: the body is OpenAI's own.
    case openAI = "openai"
}

/// How a job came in.
public enum JobEntry: String, Sendable, CaseIterable {
    /// By the queue: its caller has an id and comes back for the answer.
    case queue
    /// As a call, whose caller waits for it on the connection.
    case call
}

/// The shape of a stored request.
public enum RequestFormat: String, Sendable, CaseIterable {
    /// The native body, `{type, model, prompt, …}`.
    case prompt
    case openAIChat = "openai-chat"
    case openAICompletion = "openai-completion"
    case openAIEmbedding = "openai-embedding"

    /// The format of OpenAI's body for `operation`.
    public init(openAI operation: Operation) {
        switch operation {
        case .chat: self = .openAIChat
        case .completion: self = .openAICompletion
        case .embedding: self = .openAIEmbedding
        }
    }
}

/// What to do when a call's outcome can't be known and a second one might be billed.
public enum OnUnknown: String, Sendable, CaseIterable {
    case retry
    case deadLetter
}

/// How one attempt ended.
public enum AttemptOutcome: String, Sendable, CaseIterable {
    /// The provider's answer is the job's result.
    case ok
    /// The provider, or the way to it, failed.
    case failed
    /// The answer came after the job had moved on; it changed nothing.
    case late
    /// The request was sent and nobody can tell whether it was carried out.
    case unknown
    /// Given back before anything was sent.
    case released
    /// The provider asked for patience; nothing was charged to the job.
    case deferred
    /// The caller or an operator called it off.
    case cancelled
    /// The gateway died while it ran.
    case interrupted

    /// True when the provider may have billed a call that is not the job's result.
    public var isPossiblyCharged: Bool {
        switch self {
        case .late, .unknown, .cancelled, .interrupted: true
        case .ok, .failed, .released, .deferred: false
        }
    }
}
