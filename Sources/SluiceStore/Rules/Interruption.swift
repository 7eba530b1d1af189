package import SluiceTypes

/// What a crash of the gateway costs the job that ran.
package enum Interruption {
    /// Why the job is dead after one more interruption; nil where it is queued again.
    package static func end(interrupts before: Int, onUnknown: OnUnknown) -> ErrorClass? {
        if before + 1 >= JobLimits.interrupts { return .poison }
        return onUnknown == .deadLetter ? .interrupted : nil
    }
}
