/// How a job came in.
public enum JobEntry: String, Sendable, CaseIterable {
    /// By the queue: its caller has an id and comes back for the answer.
    case queue
    /// As a call, whose caller waits for it on the connection.
    case call
}
