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
    /// Owners whose jobs get none, because of what they may do themselves.
    package var closed: Set<OwnerID>
    /// Says of a job, at its next epoch, on which of some starts it may begin, the first before the others, with what that may use and
    /// cost; nil lets all begin.
    package var judge: (@Sendable (JobFacts, Int64, [AttemptStart]) -> ClaimJudgement)?
    /// Is called before the first job is judged, and once more where the claim is made anew, since its transaction was rolled back.
    package var restart: (@Sendable () -> Void)?

    package init(
        group: JobGroup,
        boot: BootID,
        now: Timestamp,
        deadlinesAt: Timestamp? = nil,
        starts: [AttemptStart],
        alternates: [AttemptStart] = [],
        named: [OwnerID: [AttemptStart]] = [:],
        closed: Set<OwnerID> = [],
        judge: (@Sendable (JobFacts, Int64, [AttemptStart]) -> ClaimJudgement)? = nil,
        restart: (@Sendable () -> Void)? = nil
    ) {
        self.group = group
        self.boot = boot
        self.now = now
        self.deadlinesAt = deadlinesAt ?? now
        self.starts = starts
        self.alternates = alternates
        self.named = named
        self.closed = closed
        self.judge = judge
        self.restart = restart
    }

    /// Whether nothing is left for jobs of `owner`, though there may be for others.
    package func isClosed(to owner: OwnerID) -> Bool { (named[owner]?.isEmpty ?? false) || closed.contains(owner) }

    /// Whether nothing is left for anybody but jobs that have failed.
    package var isFull: Bool { starts.isEmpty && named.values.allSatisfy(\.isEmpty) }

    /// Finds the start for a job that has failed on `failedRows` (empty for most), and has it judged; nil when none is left.
    ///
    /// A first start on a fresh row wins, then an alternate on a fresh row, then any first start; before all of them one on a fresh
    /// row with `account`, where first starts are left. A start that the job does not get is left for others.
    package mutating func take(
        for job: JobFacts,
        epoch: Int64,
        avoiding failedRows: Set<String>,
        with account: String? = nil
    ) -> ClaimJudgement? {
        guard !closed.contains(job.owner) else { return .wait }
        guard let place = place(for: job.owner, avoiding: failedRows, with: account) else { return nil }
        guard let judge else {
            defer { remove(place) }
            return .take(self[place])
        }
        let places = [place] + others(than: place, for: job.owner)
        let judgement = judge(job, epoch, places.map { self[$0] })
        switch judgement {
        case .take(let start):
            let taken = places.first { self[$0].row == start.row && self[$0].credential == start.credential }
            remove(taken ?? place)
        case .wait: closed.insert(job.owner)
        case .putOff: break
        }
        return judgement
    }

    /// A start at each of the other rows: what one costs too much for may begin on another.
    private func others(than place: Place, for owner: OwnerID) -> [Place] {
        var rows: Set<String> = [self[place].row]
        let isNew = { (start: AttemptStart) in start.row != self[place].row }
        if let own = named[owner] {
            return own.indices.filter { isNew(own[$0]) && rows.insert(own[$0].row).inserted }.map { .named(owner, $0) }
        }
        guard !starts.isEmpty else { return [] }
        return starts.indices.filter { isNew(starts[$0]) && rows.insert(starts[$0].row).inserted }.map { .first($0) }
            + alternates.indices.filter { isNew(alternates[$0]) && rows.insert(alternates[$0].row).inserted }
            .map { .alternate($0) }
    }

    /// Where a start stands.
    private enum Place {
        case first(Int)
        case alternate(Int)
        case named(OwnerID, Int)
    }

    private subscript(place: Place) -> AttemptStart {
        switch place {
        case .first(let index): starts[index]
        case .alternate(let index): alternates[index]
        case .named(let owner, let index): named[owner, default: []][index]
        }
    }

    private mutating func remove(_ place: Place) {
        switch place {
        case .first(let index): starts.remove(at: index)
        case .alternate(let index): alternates.remove(at: index)
        case .named(let owner, let index): named[owner]?.remove(at: index)
        }
    }

    private func place(
        for owner: OwnerID,
        avoiding failedRows: Set<String>,
        with account: String?
    ) -> Place? {
        let isFresh = { (start: AttemptStart) in !failedRows.contains(start.row) }
        let isSought = { (start: AttemptStart) in start.account == account && isFresh(start) }
        if let own = named[owner] {
            guard !own.isEmpty else { return nil }
            let sought = account == nil ? nil : own.firstIndex(where: isSought)
            return .named(owner, sought ?? own.firstIndex(where: isFresh) ?? own.startIndex)
        }
        if account != nil, !starts.isEmpty {
            if let sought = starts.firstIndex(where: isSought) { return .first(sought) }
            if let sought = alternates.firstIndex(where: isSought) { return .alternate(sought) }
        }
        if !failedRows.isEmpty {
            if let fresh = starts.firstIndex(where: isFresh) { return .first(fresh) }
            if let fresh = alternates.firstIndex(where: isFresh) { return .alternate(fresh) }
        }
        return starts.isEmpty ? nil : .first(0)
    }
}
