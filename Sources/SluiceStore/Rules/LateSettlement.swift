package import SluiceTypes

/// What a settlement does that the fence has refused: the job has moved on, or had been settled so before.
package enum LateSettlement: Sendable, Hashable {
    /// This very settlement was committed before; its answer was lost.
    case repeated
    /// The attempt gets what its worker brought, with this outcome; the job is left alone.
    case record(AttemptOutcome)
    /// The attempt that was cancelled had sent nothing, so nothing can have been charged.
    case nothingSent
    /// What is written stays.
    case ignored

    /// Decides by what the attempt holds.
    ///
    /// Only one settlement writes a given outcome, so the outcome tells whether it was this one.
    ///
    /// - Parameters:
    ///   - closing: the outcome that the settlement would write.
    ///   - stored: the outcome that the attempt has; nil while it runs.
    ///   - storedClass: the class that the attempt has.
    /// - Returns: what is to be done.
    package static func decide(
        closing: AttemptOutcome,
        stored: AttemptOutcome?,
        storedClass: ErrorClass?
    ) -> LateSettlement {
        // A release that came after a cancellation was late, and still is.
        if stored == closing { return closing == .released && storedClass == .cancelled ? .ignored : .repeated }
        switch (closing, stored) {
        case (.released, .cancelled): return .nothingSent
        case (.released, _), (.deferred, _): return .ignored
        case (_, .cancelled): return .record(.cancelled)
        case (_, .interrupted), (_, .late): return .record(.late)
        case (_, nil), (_, .ok), (_, .failed), (_, .unknown), (_, .released), (_, .deferred): return .ignored
        }
    }
}
