import SluiceStore

/// What a call that asks for a permit is told.
enum PermitAnswer: Sendable {
    case permit(Permit)
    /// Every open row that serves the model was full for as long as the call may wait.
    case full
    case closed(Hold)
    /// The caller has gone, or its task was cancelled.
    case abandoned
}
