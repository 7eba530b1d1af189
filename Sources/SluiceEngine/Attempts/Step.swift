import SluiceProvider
import SluiceStore

/// What follows after an attempt.
enum Step {
    case settle(Settling)
    /// The same, where the permit was exchanged for one that is not used.
    case stop(Settling, Permit)
    /// The same member is asked once more, otherwise than before: neither it nor the job has failed.
    case again(Setback, Amendment)
    /// Another member is asked.
    case moveOn(Setback, Permit)
    /// A member is asked when its window ends, if that is soon enough; else the call is settled so.
    case waitForWindow(Setback, otherwise: Settling)
}
