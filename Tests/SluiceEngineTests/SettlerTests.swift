import Logging
import SluiceProvider
import SluiceStore
import SluiceTesting
import SluiceTypes
import Synchronization
import Testing

@testable import SluiceEngine

@Suite("The settler", .timeLimit(.minutes(1)))
struct SettlerTests {
    /// What a store answers to one try.
    fileprivate enum Answer: Sendable {
        case settled(JobState, runAt: Timestamp? = nil)
        case stale
        case error(StoreError.Code)
    }

    /// What a store answers to the tries at one settlement, and what comes of it.
    private struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var answers: [Answer]
        /// The pauses between the tries, in milliseconds.
        var pauses: [Int64] = []
        var givesUp = false
        var outcome: String
        /// When the job's group is on the agenda afterwards.
        var dueAt: Timestamp?
    }

    private static let later = Timestamp(milliseconds: 1_900_000_000_000)

    private static let cases = [
        Case(testDescription: "stored", answers: [.settled(.succeeded)], outcome: "succeeded"),
        Case(
            testDescription: "queued again",
            answers: [.settled(.queued, runAt: later)],
            outcome: "queued",
            dueAt: later
        ),
        Case(testDescription: "moved on", answers: [.stale], outcome: "stale"),
        Case(
            testDescription: "stored at the third try",
            answers: [.error(.unavailable), .error(.full), .settled(.dead)],
            pauses: [50, 100],
            outcome: "dead"
        ),
        Case(
            testDescription: "moved on while the store failed",
            answers: [.error(.unavailable), .stale],
            pauses: [50],
            outcome: "stale"
        ),
        Case(
            testDescription: "stored after a long illness",
            answers: Array(repeating: .error(.full), count: 8) + [.settled(.succeeded)],
            pauses: [50, 100, 200, 400, 800, 1600, 2000, 2000],
            outcome: "succeeded"
        ),
        Case(testDescription: "a closed store", answers: [.error(.closed)], outcome: "given up"),
        Case(testDescription: "a corrupt store", answers: [.error(.corrupt)], outcome: "given up"),
        Case(
            testDescription: "closed at the second try",
            answers: [.error(.full), .error(.closed)],
            pauses: [50],
            outcome: "given up"
        ),
        Case(testDescription: "the process stops", answers: [.error(.unavailable)], givesUp: true, outcome: "given up"),
        Case(
            testDescription: "stored as the process stops",
            answers: [.settled(.succeeded)],
            givesUp: true,
            outcome: "succeeded"
        ),
    ]

    private struct Bench {
        let store: AnsweringStore
        let clock = ManualClock()
        let switchboard: Switchboard
        let settler: Settler

        init(_ answers: [Answer]) {
            store = AnsweringStore(answers)
            let time = EngineTime(now: { [clock] in clock.timestamp }, clock: clock)
            let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            switchboard = Switchboard(Catalogue(rows: []), settings: EngineSettings(), secret: [1], time: time)
            settler = Settler(switchboard: switchboard, feed: Feed(), unsettledLimit: 10, time: time, logger: quiet)
        }

        /// Lets the pauses between tries pass; returns them in milliseconds.
        func pass(_ count: Int) async throws -> [Int64] {
            var pauses: [Int64] = []
            for _ in 0..<count {
                try await clock.waitForSleepers(1)
                // While it is tried again, no new work may be begun.
                #expect(settler.isBehind && settler.isFull)
                let before = clock.timestamp
                clock.advanceToNextSleeper()
                let passed = clock.timestamp.since(before)
                pauses.append(passed.components.seconds * 1000 + passed.components.attoseconds / 1_000_000_000_000_000)
            }
            return pauses
        }
    }

    private static let success = Success(
        report: AttemptReport(endedAt: later),
        output: AttemptOutput(log: [], text: "", complete: true),
        body: Array(repeating: 0, count: 20),
        finish: "stop"
    )

    private static func claim() -> Claim {
        let job = NewJob(
            .asked(by: OwnerID(rawValue: "own"), .chat, model: "m"),
            id: .generate(at: later),
            terms: JobTerms(surface: .prompt, format: .prompt, lane: .bulk, onUnknown: .retry),
            createdAt: later,
            fingerprint: [],
            input: JobInput(body: [])
        )
        let start = AttemptStart(row: "up", credential: nil, model: "m", configHash: "", startedAt: later)
        return Claim(ClaimedJob(started: job, start))
    }

    @Test(
        "tries as long as the store may be well again, with longer pauses, and says what it came to",
        arguments: cases
    )
    private func settle(_ test: Case) async throws {
        let bench = Bench(test.answers)
        if test.givesUp { bench.settler.giveUp() }
        async let outcome = bench.settler.settle(Self.claim(), .succeed(Self.success), in: bench.store)
        #expect(try await bench.pass(test.pauses.count) == test.pauses)
        #expect(await outcome.word == test.outcome)
        #expect(bench.store.tries == test.answers.count)
        #expect(!bench.settler.isBehind && !bench.settler.isFull)
        #expect(bench.switchboard.nextDue(after: Timestamp(milliseconds: 0)) == test.dueAt)
        let due = bench.switchboard.due(at: Self.later).groups.map(\.group.route)
        #expect(due == (test.dueAt == nil ? [] : ["m"]))
    }

    @Test(
        "moves a claim on in the same way",
        arguments: [
            ([Answer.settled(.running)], [Int64](), "renewed"),
            ([.error(.unavailable), .error(.full), .settled(.running)], [50, 100], "renewed"),
            ([.stale], [], "stale"), ([.error(.closed)], [], "unsettled"),
            ([.error(.full), .error(.corrupt)], [50], "unsettled"),
        ]
    )
    private func renew(answers: [Answer], pauses: [Int64], outcome: String) async throws {
        let bench = Bench(answers)
        let setback = Setback(
            report: AttemptReport(endedAt: Self.later),
            output: AttemptOutput(log: Array(repeating: 0, count: 20), text: "", complete: false)
        )
        let start = AttemptStart(row: "other", credential: nil, model: "m", configHash: "", startedAt: Self.later)
        async let word = bench.settler.renew(Self.claim(), after: setback, start: start, in: bench.store).word()
        #expect(try await bench.pass(pauses.count) == pauses)
        #expect(await word == outcome)
        #expect(!bench.settler.isBehind && !bench.settler.isFull)
    }

    @Test("does not count what is stored at the first try as waiting for the store")
    func small() async {
        let bench = Bench([.settled(.dead)])
        let failure = Failure(report: AttemptReport(endedAt: Self.later), counts: true, retryAt: nil)
        _ = await bench.settler.settle(Self.claim(), .fail(failure), in: bench.store)
        #expect(!bench.settler.isBehind && bench.clock.sleepers == 0)
    }
}

extension Settler.Outcome {
    fileprivate var word: String {
        switch self {
        case .settled(let state): state.rawValue
        case .stale: "stale"
        case .givenUp: "given up"
        }
    }
}

extension Renewal {
    fileprivate consuming func word() -> String {
        switch consume self {
        case .renewed(let claim):
            claim.abandon()
            return "renewed"
        case .stale: return "stale"
        case .unsettled(let claim, _):
            claim.abandon()
            return "unsettled"
        }
    }
}

/// A store that answers as it was told.
private final class AnsweringStore: CallStore {
    private let answers: Mutex<[SettlerTests.Answer]>
    private let count = Mutex(0)

    init(_ answers: [SettlerTests.Answer]) {
        self.answers = Mutex(answers)
    }

    /// How often it was asked.
    var tries: Int { count.withLock { $0 } }

    private func next() -> SettlerTests.Answer {
        count.withLock { $0 += 1 }
        return answers.withLock { $0.isEmpty ? .stale : $0.removeFirst() }
    }

    private func settle(_ claim: consuming Claim) -> Settlement {
        switch next() {
        case .settled(let state, let runAt):
            _ = claim.spend()
            return .settled(state, runAt: runAt)
        case .stale:
            _ = claim.spend()
            return .stale
        case .error(let code): return .unsettled(claim, StoreError(code, "as told"))
        }
    }

    func succeed(_ claim: consuming Claim, _ success: Success) async -> Settlement { settle(claim) }
    func fail(_ claim: consuming Claim, _ failure: Failure) async -> Settlement { settle(claim) }
    func release(_ claim: consuming Claim, at now: Timestamp) async -> Settlement { settle(claim) }

    func `defer`(_ claim: consuming Claim, _ report: AttemptReport, until: Timestamp) async -> Settlement {
        settle(claim)
    }

    func retryNow(_ claim: consuming Claim, after setback: Setback, start: AttemptStart) async -> Renewal {
        switch next() {
        case .settled: return .renewed(Claim(claim.spend().renewed(after: setback, start)))
        case .stale:
            _ = claim.spend()
            return .stale
        case .error(let code): return .unsettled(claim, StoreError(code, "as told"))
        }
    }

    func submitRunning(
        _ job: NewJob,
        start: AttemptStart,
        boot: BootID
    ) async throws(StoreError) -> RunningSubmission { throw StoreError(.refused, "nothing is submitted here") }

    func cancel(
        _ id: JobID,
        owner: OwnerID?,
        at now: Timestamp,
        audit: AuditEntry?
    ) async throws(StoreError) -> Cancellation { .notFound }
}
