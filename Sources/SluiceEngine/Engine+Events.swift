package import SluiceStore
package import SluiceTypes

extension Engine {
    /// The jobs that run in this process, of whatever owner, whose answer its provider calls `upstreamID`.
    package func running(upstreamID: String) -> [JobID] { running.ids(upstreamID: upstreamID) }

    /// Where to follow a job from: behind `position`, or from its newest attempt's beginning for nil.
    ///
    /// A position in an older attempt leads to the beginning of the newest. So does one in an attempt whose log was lost in a
    /// crash, as soon as there is a newer attempt.
    ///
    /// - Throws: ``StoreError``.
    package func find(
        _ position: LogPosition?,
        in id: JobID,
        owner: OwnerID?
    ) async throws(StoreError) -> FollowPosition {
        let position = position ?? .start
        // Before the store: a log that is gone by now was stored before.
        let known = logs.live(id, epoch: position.epoch) ?? logs.lent(id, epoch: position.epoch)
        guard let progress = try await store.progress(id, owner: owner, withLog: known == nil) else { return .notFound }
        let newest = progress.attempt?.epoch ?? 0
        // Whatever the position: it leads into the newest attempt's log, and that must not be told as one without entries.
        if let stored = progress.log, !LogFormat.canRead(stored.bytes) { return .unreadable }
        guard position.epoch == newest else {
            let start = FollowStart(id: id, owner: owner, position: position, log: nil)
            return position.epoch < newest ? .found(start) : .noSuchPosition
        }
        let log = known ?? progress.log.flatMap { logs.lend($0, of: id, epoch: newest) }
        let exists = newest == 0 ? position.offset == 0 : log?.hasPosition(position.offset) ?? true
        return exists ? .found(FollowStart(id: id, owner: owner, position: position, log: log)) : .noSuchPosition
    }

    /// Follows a job for as long as `body` runs; from when `gone` fires on it is told nothing but ``Followed/stopped``.
    package func follow<Answer: Sendable, Failure: Error>(
        _ start: FollowStart,
        unless gone: Signal? = nil,
        _ body: (inout JobFollower) async throws(Failure) -> Answer
    ) async throws(Failure) -> Answer {
        try await logs.feed.subscribe(to: start.id, unless: gone) { bell throws(Failure) in
            var follower = JobFollower(start, logs, bell, unless: gone)
            defer { follower.leave() }
            return try await body(&follower)
        }
    }
}
