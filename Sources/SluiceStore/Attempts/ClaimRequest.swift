package import SluiceTypes

/// A request for work out of one group.
///
/// Each start is a place at a provider row that the router has set aside, and serves one job. Owners take turns, each
/// with its job that is due first. A job that has failed before takes a start on a row it has not failed on, where
/// there is one; `alternates` are for such jobs. A job that continues another takes one with the account that answered
/// that one, of either, where there is one.
package struct ClaimRequest: Sendable {
    package var group: JobGroup
    /// The process life that will own the claims.
    package var boot: BootID
    package var now: Timestamp
    /// The moment by which deadlines are judged: ``now``, unless the clock is not believed.
    package var deadlinesAt: Timestamp
    package var starts: [AttemptStart]
    package var alternates: [AttemptStart]
    /// Owners whose jobs get these starts and no others: for whom alone some row is closed, or lets one job through.
    package var named: [OwnerID: [AttemptStart]]

    package init(
        group: JobGroup,
        boot: BootID,
        now: Timestamp,
        deadlinesAt: Timestamp? = nil,
        starts: [AttemptStart],
        alternates: [AttemptStart] = [],
        named: [OwnerID: [AttemptStart]] = [:]
    ) {
        self.group = group
        self.boot = boot
        self.now = now
        self.deadlinesAt = deadlinesAt ?? now
        self.starts = starts
        self.alternates = alternates
        self.named = named
    }

    /// Whether nothing is left for jobs of `owner`, though there may be for others.
    package func isClosed(to owner: OwnerID) -> Bool { named[owner]?.isEmpty ?? false }

    /// Whether nothing is left for anybody but jobs that have failed.
    package var isFull: Bool { starts.isEmpty && named.values.allSatisfy(\.isEmpty) }

    /// Takes the start for a job of `owner` that has failed on `failedRows` (empty for most); nil when none is left.
    ///
    /// A first start on a fresh row wins, then an alternate on a fresh row, then any first start; before all of them one on a fresh
    /// row with `account`, where first starts are left.
    package mutating func takeStart(
        for owner: OwnerID,
        avoiding failedRows: Set<String>,
        with account: String? = nil
    ) -> AttemptStart? {
        let isSought = { (start: AttemptStart) in start.account == account && !failedRows.contains(start.row) }
        if let own = named[owner] {
            guard !own.isEmpty else { return nil }
            let sought = account == nil ? nil : own.firstIndex(where: isSought)
            let index = sought ?? own.firstIndex { !failedRows.contains($0.row) } ?? own.startIndex
            return named[owner]?.remove(at: index)
        }
        if account != nil, !starts.isEmpty {
            if let sought = starts.firstIndex(where: isSought) { return starts.remove(at: sought) }
            if let sought = alternates.firstIndex(where: isSought) { return alternates.remove(at: sought) }
        }
        if !failedRows.isEmpty {
            if let fresh = starts.firstIndex(where: { !failedRows.contains($0.row) }) {
                return starts.remove(at: fresh)
            }
            if let fresh = alternates.firstIndex(where: { !failedRows.contains($0.row) }) {
                return alternates.remove(at: fresh)
            }
        }
        return starts.isEmpty ? nil : starts.removeFirst()
    }
}
