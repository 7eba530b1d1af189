import SluiceStore
import SluiceTesting
import SluiceTypes

/// A user of the store with jobs of its own, which nobody else touches: it keeps the ledger of them.
///
/// It does one thing after the other, so that at any moment at most one answer per job is outstanding.
struct DiskWorker {
    let model: String
    private(set) var jobs: [KeptJob] = []
    /// How many answers came.
    private(set) var acknowledged = 0
    private var random: SeededRandom
    private var held: ClaimedJob?
    private var now = Timestamp(milliseconds: 1_900_000_000_000)

    init(number: Int, seed: UInt64) {
        model = "model-\(number)"
        random = SeededRandom(seed: seed)
    }

    private var owner: OwnerID { OwnerID(rawValue: "owner of \(model)") }
    private var group: JobGroup { JobGroup(lane: .bulk, operation: .chat, route: model) }
    private var start: AttemptStart {
        AttemptStart(
            row: "row",
            credential: nil,
            model: "m",
            configHash: String(repeating: "0", count: 64),
            startedAt: now
        )
    }

    /// Works until the store fails or `steps` are done; answers the store's error.
    ///
    /// - Throws: ``Misbehaviour`` for an answer that can't be right.
    mutating func work(_ store: any Store, boot: BootID, steps: Int) async throws -> StoreError? {
        do {
            for _ in 0..<steps {
                now = now.adding(.seconds(1))
                try await step(store, boot)
            }
            return nil
        } catch let error as StoreError {
            return error
        }
    }

    /// Looks at every job, and then takes back what ran under an earlier boot.
    mutating func look(_ store: any Store) async throws(StoreError) -> [Loss] {
        var losses: [Loss] = []
        for index in jobs.indices {
            let record = try await store.job(jobs[index].job.id, owner: nil)
            let attempts = try await store.attempts(jobs[index].job.id, owner: nil)
            if let loss = jobs[index].compare(record, attempts) { losses.append(loss) }
        }
        jobs.removeAll { $0.known == nil }
        held = nil
        return losses
    }

    /// Notes that a rescue was asked for.
    mutating func expectRescue() {
        for index in jobs.indices {
            guard var facts = jobs[index].known, facts.state == .running else { continue }
            facts.interrupts += 1
            facts.epoch += 1
            facts.state = facts.interrupts == JobLimits.interrupts ? .dead : .queued
            jobs[index].maybe = facts
        }
    }

    /// Notes that the rescue was acknowledged.
    mutating func noteRescue() {
        for index in jobs.indices where jobs[index].maybe != nil { jobs[index].acknowledge() }
    }

    // MARK: Steps

    private mutating func step(_ store: any Store, _ boot: BootID) async throws {
        if let claim = held, random.chance(60) { return try await settle(claim, store) }
        switch Int.random(in: 0..<100, using: &random) {
        case ..<45: try await submit(store)
        case ..<50: try await repeatSubmission(store)
        case ..<80: try await claim(store, boot)
        case ..<86: try await cancel(store)
        case ..<93: try await redrive(store)
        default: try await deleteBodies(store)
        }
        acknowledged += 1
    }

    private mutating func submit(_ store: any Store) async throws {
        // Now and then one that fills overflow pages.
        let size = random.chance(15) ? Int.random(in: 5_000...40_000, using: &random) : 200
        let filling = String(repeating: "abcdefgh", count: size / 8)
        let body = Array(#"{"prompt":"\#(random.next()) \#(filling)"}"#.utf8)
        let job = NewJob(
            .asked(by: owner, .chat, model: model),
            id: .generate(at: now),
            terms: JobTerms(surface: .prompt, format: .prompt, lane: .bulk, onUnknown: .retry),
            createdAt: now,
            runAt: now,
            fingerprint: Array(repeating: UInt8(random.next() % 256), count: 32),
            idempotencyKey: random.chance(40) ? "key \(random.next())" : nil,
            input: JobInput(body: body, metadata: Array(#"{"a":"b"}"#.utf8))
        )
        jobs.append(KeptJob(job))
        let answer = try await store.submit(job)
        guard answer == .created(job.id) else { throw Misbehaviour("a submission was answered \(answer)") }
        jobs[jobs.count - 1].acknowledge()
    }

    /// As a caller does who got no answer: the same key and bytes must come to the same job.
    private mutating func repeatSubmission(_ store: any Store) async throws {
        guard
            // One that ended without an answer hands its key on.
            let known = jobs.filter({ job in
                job.job.idempotencyKey != nil && job.known?.hasBodies == true
                    && [.queued, .running, .succeeded].contains(job.known?.state)
            })
            .randomElement(using: &random)
        else { return }
        var again = known.job
        again.facts.id = .generate(at: now)
        let answer = try await store.submit(again)
        guard answer == .replayed(known.job.id) else {
            throw Misbehaviour("\(known.job.id) was submitted again, and answered \(answer)")
        }
    }

    private mutating func claim(_ store: any Store, _ boot: BootID) async throws {
        guard held == nil else { return }
        // Which of them it will be is the store's choice.
        for index in jobs.indices {
            guard var facts = jobs[index].known, facts.state == .queued else { continue }
            facts.state = .running
            facts.epoch += 1
            facts.attempts.append(facts.epoch)
            jobs[index].maybe = facts
        }
        let request = ClaimRequest(group: group, boot: boot, now: now, starts: [start])
        var batch = try await store.claim(request)
        held = batch.next()?.spend()
        for index in jobs.indices {
            if jobs[index].job.id == held?.id { jobs[index].acknowledge() } else { jobs[index].forget() }
        }
    }

    private mutating func settle(_ claim: ClaimedJob, _ store: any Store) async throws {
        guard let index = jobs.firstIndex(where: { $0.job.id == claim.id }), var facts = jobs[index].known else {
            throw Misbehaviour("a job was claimed that is nobody's")
        }
        let report = AttemptReport(endedAt: now, errorClass: .server, message: "an error")
        let settlement: Settlement
        switch Int.random(in: 0..<100, using: &random) {
        case ..<50:
            facts.state = .succeeded
            facts.text = "answer \(random.next())"
            jobs[index].maybe = facts
            settlement = await store.succeed(Claim(claim), success(facts.text ?? ""))
        case ..<80:
            facts.failures += 1
            facts.state = facts.failures == JobLimits.tries ? .dead : .queued
            jobs[index].maybe = facts
            settlement = await store.fail(Claim(claim), Failure(report: report, counts: true, retryAt: now))
        case ..<90:
            facts.state = .queued
            jobs[index].maybe = facts
            settlement = await store.release(Claim(claim), at: now)
        default:
            facts.state = .queued
            jobs[index].maybe = facts
            settlement = await store.defer(Claim(claim), report, until: now)
        }
        switch consume settlement {
        case .settled:
            jobs[index].acknowledge()
            held = nil
            acknowledged += 1
        case .stale: throw Misbehaviour("\(claim.id) was held at epoch \(claim.epoch), and its settlement was stale")
        case .unsettled(let claim, let error):
            claim.abandon()
            throw error
        }
    }

    private func success(_ text: String) -> Success {
        Success(
            report: AttemptReport(endedAt: now, entry: LedgerEntry(told: Usage(promptTokens: 1, completionTokens: 2))),
            output: AttemptOutput(log: Array(text.utf8), text: text, complete: true),
            body: Array(#"{"text":"\#(text)"}"#.utf8),
            finish: "stop"
        )
    }

    private mutating func cancel(_ store: any Store) async throws {
        guard let index = pick({ !$0.state.isTerminal }), var facts = jobs[index].known else { return }
        let wasRunning = facts.state == .running
        facts.state = .cancelled
        facts.epoch += 1
        jobs[index].maybe = facts
        let answer = try await store.cancel(jobs[index].job.id, owner: owner, at: now, audit: nil)
        guard answer == .cancelled(wasRunning: wasRunning) else { throw Misbehaviour("a cancel came to \(answer)") }
        if held?.id == jobs[index].job.id { held = nil }
        jobs[index].acknowledge()
    }

    private mutating func redrive(_ store: any Store) async throws {
        guard let index = pick({ $0.state == .dead && $0.hasBodies }), var facts = jobs[index].known else { return }
        facts.state = .queued
        facts.epoch += 1
        facts.failures = 0
        facts.interrupts = 0
        jobs[index].maybe = facts
        let answer = try await store.redrive(jobs[index].job.id, owner: owner, model: nil, at: now, audit: nil)
        guard case .queued = answer else { throw Misbehaviour("a redrive came to \(answer)") }
        jobs[index].acknowledge()
    }

    private mutating func deleteBodies(_ store: any Store) async throws {
        guard let index = pick({ $0.state.isTerminal && $0.hasBodies }), var facts = jobs[index].known else { return }
        facts.hasBodies = false
        facts.text = nil
        jobs[index].maybe = facts
        let answer = try await store.deleteBodies(
            jobs[index].job.id,
            owner: owner,
            at: now,
            upstream: [],
            strangers: []
        )
        guard answer == .deleted() else { throw Misbehaviour("a deletion came to \(answer)") }
        jobs[index].acknowledge()
    }

    private mutating func pick(_ isWanted: (KeptJob.Facts) -> Bool) -> Int? {
        jobs.indices.filter { jobs[$0].known.map(isWanted) == true }.randomElement(using: &random)
    }
}

/// An answer that no store may give.
struct Misbehaviour: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
