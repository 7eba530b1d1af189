import Logging
import SluiceProvider
import SluiceStore
import SluiceTypes
import Synchronization

/// Has providers delete what they keep of answers whose callers deleted them: each is asked again until it has, for a day.
final class UpstreamDeleter: Sendable {
    /// How many are asked for at once, and how long one may take before it counts as failed.
    private static let (most, patience) = (16, Duration.seconds(10))
    /// The longest answer that is read, in bytes.
    private static let mostBytes = 1 << 20
    /// How long it waits behind the first failure of one.
    private static let pause = Duration.seconds(30)
    /// The longest wait behind a failure.
    private static let longestPause = Duration.seconds(3600)

    let store: any UpstreamDeletionStore
    let switchboard: Switchboard
    let transport: any Transport
    let time: EngineTime
    let logger: Logger
    private let underWay = Atomic(0)
    private let bell = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(
        store: any UpstreamDeletionStore,
        switchboard: Switchboard,
        transport: any Transport,
        time: EngineTime,
        logger: Logger
    ) {
        self.store = store
        self.switchboard = switchboard
        self.transport = transport
        self.time = time
        self.logger = logger
    }

    /// Something may be due.
    func look() { bell.continuation.yield() }

    /// Nothing more is begun.
    func stop() { bell.continuation.finish() }

    /// Works each time it is told to look, until ``stop()``.
    ///
    /// Deletions are carried out side by side, so that a provider that hangs does not hold up what another one is to be told.
    func run(until phase: PhaseGate) async {
        await withDiscardingTaskGroup { group in
            for await _ in bell.stream {
                do throws(StoreError) {
                    while !phase.isStopping, !Task.isCancelled, let due = try await claim() {
                        underWay.add(due.count, ordering: .relaxed)
                        for deletion in due { group.addTask { await self.end(deletion) } }
                    }
                } catch {
                    complain(error)
                }
            }
            // Whatever is out is asked for again by the next life.
            group.cancelAll()
        }
    }

    /// What is to be asked for now; nil where nothing is due, or where there are enough under way.
    private func claim() async throws(StoreError) -> [UpstreamDeletion]? {
        let room = UpstreamDeleter.most - underWay.load(ordering: .relaxed)
        guard room > 0 else { return nil }
        let now = time.now()
        let batch = try await store.claimUpstreamDeletions(
            at: now,
            // Whoever dies over one has it tried again.
            dueAgainAt: now.adding(UpstreamDeleter.patience * 3),
            limit: room
        )
        for deletion in batch.givenUp {
            logger.warning(
                "a provider did not delete within a day what its caller had deleted here",
                metadata: ["row": "\(deletion.kept.row)", "upstream": "\(deletion.kept.upstreamID)"]
            )
        }
        return batch.due.isEmpty && batch.givenUp.isEmpty ? nil : batch.due
    }

    private func end(_ deletion: UpstreamDeletion) async {
        do throws(StoreError) { try await carryOut(deletion) } catch { complain(error) }
        underWay.subtract(1, ordering: .relaxed)
        look()
    }

    private func complain(_ error: StoreError) {
        logger.error("providers could not be told what to delete", metadata: ["error": "\(error)"])
    }

    private func carryOut(_ deletion: UpstreamDeletion) async throws(StoreError) {
        if await isDone(deletion) {
            try await store.finishUpstreamDeletion(deletion.id)
        } else {
            let moment = time.now().adding(UpstreamDeleter.pause(after: deletion.tries))
            try await store.putOffUpstreamDeletion(deletion.id, until: moment)
        }
    }

    private static func pause(after tries: Int) -> Duration {
        min(pause * (1 << min(max(tries - 1, 0), 7)), longestPause)
    }

    /// Whether the provider has it no more, or never will be asked for it.
    private func isDone(_ deletion: UpstreamDeletion) async -> Bool {
        let kept = deletion.kept
        // A row that was taken away may come back.
        guard let member = switchboard.member(of: kept.row, account: kept.account), member.row.endpoint != nil
        else { return false }
        guard let call = member.row.adapter.call(deleting: kept.upstreamID),
            let brief = BriefCall(
                call,
                to: member.row,
                secret: member.credential?.secret,
                patience: UpstreamDeleter.patience,
                mostBytes: UpstreamDeleter.mostBytes
            )
        else { return true }
        guard let answer = try? await brief.answer(over: transport) else { return false }
        return answer.isGood || answer.status == 404
    }
}
