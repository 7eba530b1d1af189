import SluiceProvider
import SluiceStore

/// What follows after an attempt.
enum Step {
    case settle(Settling)
    case moveOn(Failure, Permit)
}
