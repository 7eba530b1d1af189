import SluiceProvider
import SluiceStore
import SluiceTypes

// What calls teach.
extension Router {
    /// The provider answers a call, or has answered it: whatever was shut to find out about is open again.
    ///
    /// True when that lets calls pass that could not before.
    mutating func noteWell(_ permit: Permit, of job: ClaimedJob, at uptime: Duration) -> Bool {
        let (member, upstream, row) = (permit.member, permit.upstream, permit.member.loaded.number)
        var hasOpened = accounts[member.account].key.noteWell(upstream, at: uptime)
        if accounts[member.account].suspicion.clear() { hasOpened = true }
        noteConnected(member, &hasOpened)
        rowStates[row].misplacement?.isOver = true
        let window = accounts[member.account].noteWell(of: job.owner, for: upstream, at: uptime)
        rowStates[row].change(upstream) { state in
            for opened in [window, state.breaker.noteWell(job.id, of: job.owner)] {
                guard let opened else { continue }
                state.ramp.beginAnew(for: opened)
                hasOpened = true
            }
        }
        return hasOpened
    }

    /// A call has its whole answer.
    mutating func noteAnswer(_ permit: Permit, of job: ClaimedJob) {
        guard permit.isQueued else { return }
        rowStates[permit.member.loaded.number].change(permit.upstream) { $0.ramp.noteAnswer(of: job.owner) }
    }

    /// The provider has said what is left of what it allows.
    mutating func note(_ allowances: [Allowance: Int64], of permit: Permit, at uptime: Duration) {
        rowStates[permit.member.loaded.number].allowances.note(allowances, at: uptime)
    }

    /// The provider said something, though no answer.
    ///
    /// True when that lets calls pass that could not before.
    mutating func noteConnected(_ permit: Permit) -> Bool {
        var hasOpened = false
        noteConnected(permit.member, &hasOpened)
        return hasOpened
    }

    /// The row can't be used, for what only an operator can mend.
    mutating func noteUnusable(_ permit: Permit, _ reason: String, at uptime: Duration) {
        rowStates[permit.member.loaded.number].fault = RowFault(reason, at: uptime)
    }

    /// Something answered that is not the provider's API.
    ///
    /// Returns whether that is to be told in the log.
    mutating func noteMisplaced(_ permit: Permit, _ url: String, status: Int?, at uptime: Duration) -> Bool {
        let row = permit.member.loaded.number
        var misplacement = Misplacement(url, status: status, after: rowStates[row].misplacement)
        defer { rowStates[row].misplacement = misplacement }
        return misplacement.isToTell(at: uptime)
    }

    private mutating func noteConnected(_ member: Member, _ hasOpened: inout Bool) {
        if rowStates[member.loaded.number].fault != nil {
            rowStates[member.loaded.number].fault = nil
            hasOpened = true
        }
        guard let origin = member.origin, origins[origin].noteConnected() else { return }
        hasOpened = true
        for row in Set(members.filter { $0.origin == origin }.map(\.loaded.number)) { rowStates[row].beginAnew() }
    }

    /// A call failed, and it may be the provider's fault; `isOverload` tells that there may be too many calls.
    ///
    /// Returns whether calls of the job's owner fail now, so that it is no fault of the job.
    mutating func noteFailure(_ permit: Permit, of job: ClaimedJob, isOverload: Bool, at uptime: Duration) -> Bool {
        rowStates[permit.member.loaded.number].change(permit.upstream) { state in
            state.breaker.noteFailure(job.id, of: job.owner, probe: permit.marks?.breaker, at: uptime)
            if isOverload { state.ramp.halve(for: job.owner) }
            return state.breaker.isOpen(to: job.owner)
        }
    }

    /// No connection could be made; nothing of the request was sent.
    mutating func noteUnreachable(_ permit: Permit, at uptime: Duration) {
        guard let origin = permit.member.origin else { return }
        origins[origin].noteUnreachable(probe: permit.marks?.origin, at: uptime)
    }

    /// The provider asked for patience, for `wish` where it said how long.
    ///
    /// `limitedAt` is when the same job was asked for it before: where other calls have ended well since, it lies in the job,
    /// and nothing is shut.
    mutating func noteLimit(
        _ permit: Permit,
        of job: ClaimedJob,
        wish: Duration?,
        limitedAt: Duration?,
        at uptime: Duration
    ) -> LimitNews {
        let (member, upstream) = (permit.member, permit.upstream)
        if let limitedAt, let lastWell = accounts[member.account].lastWell(upstream), lastWell > limitedAt {
            return .own
        }
        rowStates[member.loaded.number].change(upstream) { $0.ramp.halve(for: job.owner) }
        return .window(
            accounts[member.account].close(
                upstream,
                for: wish,
                guessing: settings.rateLimitPause,
                to: job.owner,
                at: uptime
            )
        )
    }

    /// The provider refused the key, or said that there is no money.
    mutating func noteRefusal(_ permit: Permit, _ reason: KeyHealth.Reason, at uptime: Duration) {
        accounts[permit.member.account].key.refuse(permit.upstream, reason, at: uptime)
    }

    /// The provider said 402 or 403 of a job, and nothing of the account.
    ///
    /// Returns whether the account is suspected now.
    mutating func noteDoubt(_ permit: Permit, of job: ClaimedJob) -> Bool {
        accounts[permit.member.account].suspicion.note(job.id)
        return accounts[permit.member.account].suspicion.isRaised
    }
}
