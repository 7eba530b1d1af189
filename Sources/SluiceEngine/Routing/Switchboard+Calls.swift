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
        let (answer, key) = state.withLock { state in
            let answer = state.answer(to: group, owner, at: uptime)
            return (answer, answer == nil ? state.calls.makeKey() : 0)
        }
        if let answer { return answer }
        // Not a child: it ends the wait below by answering it, and is called off by it.
        let timer = Task { [time, weak self] in
            try? await time.sleep(patience)
            if !Task.isCancelled { self?.dismiss(key, with: .full) }
        }
        defer { timer.cancel() }
        let reaction = gone?.onFire { [weak self] in self?.dismiss(key, with: .abandoned) }
        defer { if let reaction { gone?.forget(reaction) } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let uptime = time.uptime()
                let answer: PermitAnswer? = state.withLock { state in
                    // Between the first look and this one a permit may have come back.
                    let isGone = Task.isCancelled || gone?.hasFired == true
                    let answer = isGone ? .abandoned : state.answer(to: group, owner, at: uptime)
                    if answer == nil { state.calls.add(key, group, owner, continuation) }
                    return answer
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            dismiss(key, with: .abandoned)
        }
    }

    private func dismiss(_ key: Int, with answer: PermitAnswer) {
        state.withLock { $0.calls.remove(key) }?.resume(returning: answer)
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
    mutating func serveCalls(
        at uptime: Duration
    ) -> [(waiter: CheckedContinuation<PermitAnswer, Never>, answer: PermitAnswer)] {
        guard !calls.isEmpty else { return [] }
        var waiting = calls
        let served = waiting.serve { answer(to: $0, $1, at: uptime) }
        calls = waiting
        return served
    }
}
