package import SluiceStore
package import SluiceTypes

/// What a run did, or would do.
package struct RepricingReport: Sendable {
    /// Whose lines are told apart.
    package struct Group: Sendable, Hashable {
        package var provider: String
        package var model: String
    }

    /// What became of the lines of one model.
    package struct Change: Sendable, Hashable {
        /// The changed ones; what they came to before and after.
        package var lines = 0
        package var before = LedgerSums()
        package var after = LedgerSums()

        fileprivate mutating func add(_ before: LedgerSums, _ after: LedgerSums, lines: Int) {
            self.lines += lines
            self.before = self.before + before
            self.after = self.after + after
        }
    }

    /// Nil where it was only tried.
    package var run: LedgerRun?
    /// When the oldest attempt began whose line is kept: nothing before that can be priced anew.
    package var oldest: Timestamp?
    /// The lines that were looked at.
    package var seen = 0
    package var changes: [Group: Change] = [:]
    /// Of which the provider itself has said what they cost.
    package var told = 0
    /// Whose row is not in the file.
    package var noRow = 0
    /// Of which nothing is known that could be priced.
    package var nothing = 0
    /// Which have been told anew, or changed by another run, and stay therefore.
    package var overtaken = 0

    /// All changes together.
    package var total: Change {
        changes.values.reduce(into: Change()) { total, change in
            total.add(change.before, change.after, lines: change.lines)
        }
    }

    /// A line is changed, or would be.
    mutating func note(_ change: LedgerChange, of line: LedgerLine) {
        let group = Group(provider: line.key.provider, model: line.key.model)
        var (old, new) = (line.entry, line.entry)
        old.pricing = change.before
        new.pricing = change.after
        changes[group, default: Change()].add(LedgerSums(old), LedgerSums(new), lines: 1)
    }
}
