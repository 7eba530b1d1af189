package import Logging
import ServiceLifecycle
package import SluiceProvider
package import SluiceStore
package import SluiceTypes

/// The life of every job: accepted, routed, claimed, attempted, settled.
///
/// Its methods may be called from the moment it exists; jobs run while ``run()`` does.
package final class Engine: Service {
    private let store: any Store

    /// Creates an engine over an open store.
    package init(
        store: any Store,
        transport: any Transport,
        catalogue: Catalogue,
        settings: EngineSettings,
        logger: Logger,
        boot: BootID = .generate(),
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
    }

    /// Rescues what an earlier life left running, then runs jobs until a graceful shutdown is asked for.
    package func run() async throws { fatalError() }

    /// True from the moment a stop was asked for.
    package var isDraining: Bool { fatalError() }

    /// Returns when the engine has rescued its orphans and claims jobs.
    package func whenReady() async { fatalError() }

    /// True once ``run()`` has rescued the orphans.
    package var isReady: Bool { fatalError() }

    /// Tells whether a new job for this model would find a row.
    package func offer(_ operation: Operation, model: String) -> Offer { fatalError() }

    /// Commits a job and lets it run when it is due.
    ///
    /// - Throws: ``StoreError``.
    package func submit(_ job: NewJob) async throws(StoreError) -> Submission { fatalError() }

    /// The job once it has ended, or as it stands when `limit` is over or the engine stops; nil where
    /// ``JobReader/job(_:owner:)`` answers nil.
    ///
    /// - Throws: ``StoreError``.
    package func wait(for id: JobID, owner: OwnerID?, atMost limit: Duration) async throws(StoreError) -> JobRecord? {
        fatalError()
    }

    /// Cancels a job and, where it runs, closes its call.
    ///
    /// - Throws: ``StoreError``.
    package func cancel(_ id: JobID, owner: OwnerID?) async throws(StoreError) -> Cancellation { fatalError() }

    /// Queues a dead job again, for another model of its operation where `model` is given.
    ///
    /// - Throws: ``StoreError``.
    package func redrive(_ id: JobID, owner: OwnerID?, model: String?) async throws(StoreError) -> Redrive {
        fatalError()
    }

    /// Why a job is not running; nil for one that is not queued.
    package func waiting(_ job: JobRecord) -> Waiting? { fatalError() }

    /// Takes a new set of rows. Running jobs keep the row they began with; credentials start with a clean slate.
    package func reload(_ catalogue: Catalogue) async { fatalError() }

    /// The rows as they stand.
    package var rows: [RowStatus] { fatalError() }
}
