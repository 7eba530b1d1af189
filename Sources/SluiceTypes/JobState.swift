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
