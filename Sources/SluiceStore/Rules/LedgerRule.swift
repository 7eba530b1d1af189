package import SluiceTypes

/// What a line of the ledger becomes when something is told of its attempt again: a late answer, or the end of a run that was given up.
package enum LedgerRule {
    /// What happens to the line.
    package enum Move: Sendable, Hashable {
        case inserted
        case replaced
        /// What is written stays.
        case ignored
    }

    /// What is posted where an attempt is closed; nil where nothing is charged for.
    ///
    /// An answer whose usage nobody told, and a run of which nobody can tell, have used something. Who told only late that an attempt
    /// had failed for nothing takes back what was guessed of it.
    package static func entry(closing outcome: AttemptOutcome, _ report: AttemptReport) -> LedgerEntry? {
        switch outcome {
        case .ok, .unknown: report.entry ?? .seen
        case .failed, .deferred, .released: report.entry
        case .late, .cancelled, .interrupted: report.entry ?? .free
        }
    }

    /// Decides by what is written.
    ///
    /// A price once found is never taken back: only what nobody knew can be known better.
    ///
    /// - Parameters:
    ///   - old: what the line says; nil where there is none.
    ///   - new: what is told now.
    /// - Returns: whether it is written, or stands over what is.
    package static func move(_ old: LedgerEntry?, _ new: LedgerEntry) -> Move {
        guard let old else { return .inserted }
        switch (old.cost.state, new.cost.state) {
        case (.priced, _): return Promise.pricedStays.holds ? .ignored : .replaced
        case (_, .priced): return .replaced
        case (_, .unpriced), (_, .unknown): return knowsBetter(new, than: old) ? .replaced : .ignored
        }
    }

    private static func knowsBetter(_ new: LedgerEntry, than old: LedgerEntry) -> Bool {
        new.basis > old.basis || new.basis == .seen && old.basis == .seen && new.cost.low > old.cost.low
    }

    /// What the line says afterwards.
    package static func entry(_ old: LedgerEntry?, _ new: LedgerEntry) -> LedgerEntry {
        move(old, new) == .ignored ? old ?? new : new
    }

    /// What the sums of the line's keys get by it.
    package static func difference(_ old: LedgerEntry?, _ new: LedgerEntry) -> LedgerSums {
        switch move(old, new) {
        case .ignored: LedgerSums()
        case .replaced where !Promise.postedOnce.holds: LedgerSums(new)
        case .inserted, .replaced: LedgerSums(new) - (old.map { LedgerSums($0) } ?? LedgerSums())
        }
    }
}
