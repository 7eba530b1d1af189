import SluiceStore
import SluiceTypes

/// A store, and beside it every job as `docs/jobs.md` says it must stand.
///
/// Each operation is carried out on the store; its answer is held to what the model says, and then all that it touched is
/// read and compared, I1 to I10 included. Who decides which operation comes next is another's business: ``ModelWalk``
/// draws lots, ``Explorer`` tries every order, ``ZombieRun`` has a plan.
///
/// The model knows nothing of any store. Where the contract leaves a choice, it takes over what the store chose, once that
/// is one of the permitted.
struct ModelWorld {
    struct KeyName: Hashable {
        var owner: OwnerID
        var key: String
    }

    struct KnownKey {
        var fingerprint: [UInt8]
        var job: JobID
        var expiresAt: Timestamp
    }

    static let owners = ["ada", "bob", "cyd"].map(OwnerID.init)

    /// How many purged jobs are looked for now and then, lest they come back.
    private static let rememberedGone = 30

    var subject: Subject
    var now: Timestamp
    var jobs: [JobID: ModelJob] = [:]
    /// The jobs that are stored, in the order of their arrival.
    private(set) var arrivals: [JobID] = []
    /// The newest of those that were purged.
    private(set) var gone: [JobID] = []
    /// What the lines of all that were purged add up to.
    var linesOfGone: [JobID: LedgerSums] = [:]
    var sumsOfGone = LedgerSums()
    var keys: [KeyName: KnownKey] = [:]
    /// What providers are to delete, by their names for it, which are all different.
    var upstream: [String: UpstreamDeletion] = [:]
    /// Keys that a purge may have taken: should the clock go back before their end, either answer would do.
    private(set) var retired: [KeyName: Timestamp] = [:]

    init(_ subject: Subject, now: Timestamp) {
        self.subject = subject
        self.now = now
    }

    /// This world once more, on another store that holds the same.
    func copy(on store: any Store) -> ModelWorld {
        var copy = self
        copy.subject = Subject(copying: subject, on: store)
        return copy
    }

    /// Whether `claim` is the one that its job runs under.
    func isCurrent(_ claim: ClaimedJob) -> Bool {
        guard let job = jobs[claim.id] else { return false }
        return job.isRunning && job.record.epoch == claim.epoch
    }

    mutating func enter(_ model: ModelJob, _ job: NewJob) {
        jobs[job.id] = model
        arrivals.append(job.id)
        guard let key = job.idempotencyKey else { return }
        let name = KeyName(owner: job.owner, key: key)
        let end = job.createdAt.adding(subject.retention.idempotencyKeys)
        keys[name] = KnownKey(fingerprint: job.fingerprint, job: job.id, expiresAt: end)
        retired[name] = nil
    }

    mutating func forgetKeys(of id: JobID) {
        keys = keys.filter { $0.value.job != id }
    }

    /// Whether the contract tells what a submission under this key comes to.
    func isCertain(_ name: KeyName) -> Bool {
        retired[name].map { $0 <= now } ?? true
    }

    mutating func retireKeys() {
        for (name, known) in keys where known.expiresAt <= now {
            keys[name] = nil
            retired[name] = known.expiresAt
        }
        // Long past, with a reserve for a clock that goes back.
        let longAgo = now.adding(.seconds(-7200))
        retired = retired.filter { $0.value > longAgo }
    }

    mutating func remove(_ ids: Set<JobID>) {
        for id in ids { jobs[id] = nil }
        keys = keys.filter { !ids.contains($0.value.job) }
        arrivals.removeAll { ids.contains($0) }
        gone = (gone + ids.sorted()).suffix(ModelWorld.rememberedGone)
    }
}
