import Logging
import SluiceProvider
import SluiceStore
import SluiceTypes

/// Has providers delete what they keep of answers whose callers deleted them: each is asked again until it has, for a day.
struct UpstreamDeleter: Sendable {
    /// How many are handed out at once, and how long one may take before it counts as failed.
    private static let (slice, patience) = (16, Duration.seconds(10))
    /// How long it waits behind the first failure of one.
    private static let pause = Duration.seconds(30)
    /// The longest wait behind a failure.
    private static let longestPause = Duration.seconds(3600)

    let store: any UpstreamDeletionStore
    let switchboard: Switchboard
    let transport: any Transport
    let time: EngineTime
    let logger: Logger
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
    func run(until phase: PhaseGate) async {
        for await _ in bell.stream {
            do throws(StoreError) {
                while !phase.isStopping, !Task.isCancelled, try await work() {}
            } catch {
                logger.error("providers could not be told what to delete", metadata: ["error": "\(error)"])
            }
        }
    }

    /// False when nothing was due.
    private func work() async throws(StoreError) -> Bool {
        let now = time.now()
        let batch = try await store.claimUpstreamDeletions(
            at: now,
            // Whoever dies over one has it tried again.
            dueAgainAt: now.adding(UpstreamDeleter.patience * (UpstreamDeleter.slice + 1)),
            limit: UpstreamDeleter.slice
        )
        for deletion in batch.givenUp {
            logger.warning(
                "a provider did not delete within a day what its caller had deleted here",
                metadata: ["row": "\(deletion.kept.row)", "upstream": "\(deletion.kept.upstreamID)"]
            )
        }
        for deletion in batch.due {
            if await isDone(deletion) {
                try await store.finishUpstreamDeletion(deletion.id)
            } else {
                let moment = time.now().adding(UpstreamDeleter.pause(after: deletion.tries))
                try await store.putOffUpstreamDeletion(deletion.id, until: moment)
            }
        }
        return !batch.due.isEmpty || !batch.givenUp.isEmpty
    }

    private static func pause(after tries: Int) -> Duration {
        min(pause * (1 << min(max(tries - 1, 0), 7)), longestPause)
    }

    /// Whether the provider has it no more, or never will be asked for it.
    private func isDone(_ deletion: UpstreamDeletion) async -> Bool {
        let kept = deletion.kept
        // A row that was taken away may come back.
        guard let member = switchboard.member(of: kept.row, account: kept.account), var endpoint = member.row.endpoint
        else { return false }
        guard let call = member.row.adapter.call(deleting: kept.upstreamID) else { return true }
        endpoint.timeouts = CallTimeouts(
            connect: UpstreamDeleter.patience / 2,
            firstByte: UpstreamDeleter.patience,
            idle: UpstreamDeleter.patience,
            total: UpstreamDeleter.patience
        )
        guard let outgoing = OutgoingCall(call, to: endpoint, secret: member.credential?.secret) else { return true }
        var status = 0
        do throws(TransportError) {
            for try await event in transport.send(outgoing) {
                if case .head(let head) = event { status = head.status }
            }
        } catch {
            return false
        }
        return (200..<300).contains(status) || status == 404
    }
}
