package import SluiceStore
package import SluiceTypes

/// Something that has happened, in numbers and names: nothing of what was asked or answered, and no secret.
package enum Observed: Sendable {
    /// These are the provider rows from now on: at the start, and after each reload.
    case catalogue([CatalogueRow])
    /// The store has committed something: jobs that came in, moved and ended, attempts that ended, what they cost.
    case committed(CommitNews)
    /// A job that was submitted is on the disk, so long after that was asked for.
    case stored(after: Duration)
    /// A call's request goes out, so long after the call came in.
    case asked(after: Duration)
    /// An `Idempotency-Key` was answered by the job that has it.
    case replayed(Surface)
    /// A caller who tried again without a key got the call that he had begun.
    case joined(Surface)
    /// Limits of its owner or its token let a call, a job or a count not pass.
    case refused(LimitRefusal)
    /// A request was answered that asks for something; told only where somebody records traces.
    case answered(AnsweredRequest)
}
