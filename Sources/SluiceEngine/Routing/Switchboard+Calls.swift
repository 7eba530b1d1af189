import SluiceProvider
import SluiceStore
import SluiceTypes
import Synchronization

extension Switchboard {
    /// A permit for one call: at once, or when one is given back, or a window ends, before the uptime `end`; none when `gone`
    /// fires.
    ///
    /// Calls are served in turn, and before queued jobs.
    func permit(for wish: Wish, until end: Duration, unless gone: Signal?) async -> PermitAnswer {
        let uptime = time.uptime()
        let (found, waiter) = state.withLock { state -> (PermitAnswer?, PermitWaiter?) in
            switch state.answer(to: wish, patience: end - uptime, at: uptime) {
            case .answered(let answer): return (answer, nil)
            case .waits(let delay):
                let pool = state.router.pool(wish.key)
                return (nil, state.calls.add(wish, pool, delay, at: uptime))
            }
        }
        guard let waiter else { return found ?? .full }
        return await wait(waiter, until: end, unless: gone)
    }

    private func wait(_ waiter: PermitWaiter, until end: Duration, unless gone: Signal?) async -> PermitAnswer {
        let time = time
        while true {
            // The end of a window is no event: whoever waits for it looks by itself.
            let opensAt = state.withLock { state in
                let uptime = time.uptime()
                return state.router.opensIn(waiter.wish, at: uptime).map { uptime + $0 }
            }
            let next = min(end, max(opensAt ?? end, time.uptime() + .milliseconds(1)))
            let answer = await waiter.answer.wait(unless: gone, until: (next, time)) { $0 }
            let hasGone = Task.isCancelled || gone?.hasFired == true
            if let answer { return hasGone ? returned(answer, waiter) : answer }
            if hasGone || time.uptime() >= end {
                if state.withLock({ $0.calls.remove(waiter) }) { return hasGone ? .abandoned : .full }
                guard let answer = waiter.answer.read({ $0 }) else {
                    preconditionFailure("a call left the queue without an answer")
                }
                return hasGone ? returned(answer, waiter) : answer
            }
            state.withLock { $0.serveCalls(at: time.uptime(), hasOpened: false) }
        }
    }

    /// It came too late: somebody else may have it.
    private func returned(_ answer: PermitAnswer, _ waiter: PermitWaiter) -> PermitAnswer {
        if case .permit(let permit) = answer, let owner = waiter.wish.owner { release(permit, of: owner) }
        return .abandoned
    }
}

extension Switchboard.State {
    /// A permit, or why there is none and waiting is of no use, or what there is to wait for.
    ///
    /// `patience` is how long the call may wait; nil for one that looks after that itself.
    mutating func answer(to wish: Wish, patience: Duration?, at uptime: Duration) -> WaiterQueue.Outcome {
        var random = SystemRandomNumberGenerator()
        if let permit = router.permit(for: wish, at: uptime, using: &random) { return .answered(.permit(permit)) }
        guard let hold = router.hold(wish, at: uptime) else { return .waits(router.shortage(wish, at: uptime)) }
        // A window that ends in time is waited for; an outage is told at once, for nobody knows its end.
        guard hold.kind == .limit, hold.opensIn ?? .zero <= patience ?? .seconds(Int64.max / 2) else {
            return .answered(.closed(hold))
        }
        var others = wish
        others.owner = nil
        let isShutForAll = router.hold(others, at: uptime) != nil
        return .waits(.model(opensIn: hold.opensIn, isShutForAll ? nil : wish.owner))
    }

    /// Gives permits that are free to the calls that wait for them; `hasOpened` tells that something that was shut may be open.
    mutating func serveCalls(at uptime: Duration, hasOpened: Bool) {
        guard !calls.isEmpty else { return }
        if hasOpened { calls.noteOpened() }
        // Taken out meanwhile, so that it is not copied.
        var waiting = WaiterQueue()
        swap(&waiting, &calls)
        // Whoever waits may wait on: its own end comes by itself.
        waiting.serve(at: uptime) { answer(to: $0, patience: nil, at: uptime) }
        swap(&waiting, &calls)
    }
}
