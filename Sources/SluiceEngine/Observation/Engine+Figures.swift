import SluiceStore
import SluiceTypes

extension Engine {
    /// How the gateway stands now.
    ///
    /// It counts nothing and waits half a second at most for the store: of one that is away it tells what was known last.
    package func figures() async -> Figures {
        let look = await looks.look()
        let now = time.now()
        let counts = tally.counts
        let groups = self.groups(counts, look.firstDue, at: now)
        return Figures(
            counts: counts,
            waiting: groups.reduce(into: [:]) { $0[$1.reason, default: 0] += $1.queued },
            groups: groups,
            rows: rows,
            budgets: treasury.budgets,
            trials: treasury.trials,
            streams: observation.streams.openCount,
            streamBytes: observation.streams.byteCount,
            slowest: running.slowest(10, at: time.uptime()),
            owners: look.owners,
            endingTokens: look.tokens,
            disk: store.disk,
            storeTrouble: look.trouble
        )
    }

    /// What waits in each group, told apart by what for: that may differ from owner to owner.
    private func groups(
        _ counts: [CountedJobs: Int],
        _ firstDue: [JobGroup: Timestamp],
        at now: Timestamp
    ) -> [GroupFigures] {
        var groups: [GroupPlace: GroupFigures] = [:]
        for (kind, count) in counts where kind.state == .queued {
            guard let group = kind.group, let owner = kind.owner else { continue }
            var figures = self.figures(of: group, for: owner, due: firstDue[group], at: now)
            let place = GroupPlace(group: group, reason: figures.reason, detail: figures.detail)
            figures.queued = count + (groups[place]?.queued ?? 0)
            groups[place] = figures
        }
        return groups.values.sorted { ($0.queued, $1.group.route) > ($1.queued, $0.group.route) }
    }

    private func figures(of group: JobGroup, for owner: OwnerID, due: Timestamp?, at now: Timestamp) -> GroupFigures {
        var figures = GroupFigures(group: group, queued: 0, reason: .place)
        figures.dueFor = due.flatMap { $0 <= now ? now.since($0) : nil }
        if let limit = treasury.refusal(of: owner) {
            figures.reason = .limit
            figures.detail = limit.waitingFor
            figures.until = limit.resetAt
        } else if Promise.reasonsOfRouter.holds, let hold = switchboard.hold(group, for: owner, isQueued: true) {
            figures.reason = hold.kind.waitReason
            figures.detail = hold.fullReason
            figures.until = hold.opensIn.map { now.adding($0) }
        } else if let due, due > now {
            figures.reason = .pause
            figures.until = due
        }
        return figures
    }

    /// What is told apart of a group.
    private struct GroupPlace: Hashable {
        var group: JobGroup
        var reason: WaitReason
        var detail: String?
    }
}
