import SluiceProvider
import SluiceStore
import SluiceTypes
import Synchronization

extension Switchboard {
    /// A permit for one call of `owner` to `group`: at once, or when one is given back within `patience`; none when `gone` fires.
    ///
    /// Calls are served in turn, and before queued jobs.
    func permit(
        for group: JobGroup,
        _ owner: OwnerID,
        within patience: Duration,
        unless gone: Signal?
    ) async -> PermitAnswer {
        let uptime = time.uptime()
        let (found, waiter) = state.withLock { state -> (PermitAnswer?, PermitWaiter?) in
            if let answer = state.answer(to: group, owner, at: uptime) { return (answer, nil) }
            let waiter = PermitWaiter(group, owner)
            state.calls.add(waiter)
            return (nil, waiter)
        }
        guard let waiter else { return found ?? .full }
        let end = (uptime + patience, time)
        let isOver = await waiter.answer.wait(unless: gone, until: end) { $0 == nil ? nil : true } == nil
        let hasGone = Task.isCancelled || gone?.hasFired == true
        if isOver, state.withLock({ $0.calls.remove(waiter) }) { return hasGone ? .abandoned : .full }
        guard let answer = waiter.answer.read({ $0 }) else {
            preconditionFailure("a call left the queue without an answer")
        }
        guard hasGone else { return answer }
        // It came too late: somebody else may have it.
        if case .permit(let permit) = answer { release([permit]) }
        return .abandoned
    }
}

extension Switchboard.State {
    /// A permit, or why there is none and waiting is of no use; nil when it is.
    mutating func answer(to group: JobGroup, _ owner: OwnerID, at uptime: Duration) -> PermitAnswer? {
        var random = SystemRandomNumberGenerator()
        if let permit = router.permit(for: group, owner, at: uptime, using: &random) { return .permit(permit) }
        guard let hold = router.hold(group, for: owner, at: uptime) else { return nil }
        return .closed(hold)
    }

    /// Gives permits that are free to the calls that wait for them.
    mutating func serveCalls(at uptime: Duration) {
        guard !calls.isEmpty else { return }
        var waiting = calls
        waiting.serve { answer(to: $0, $1, at: uptime) }
        calls = waiting
    }
}
