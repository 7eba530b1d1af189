package import SluiceTypes

/// What a claim makes of a job that is due.
package enum ClaimJudgement: Sendable {
    /// It is claimed, on this start.
    case take(AttemptStart)
    /// Neither it nor any other of its owner's is claimed now.
    case wait
    /// It alone is due later.
    case putOff(until: Timestamp)
}
