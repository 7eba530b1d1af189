import SluiceStore
import SluiceTypes
import Testing

private func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_900_000_000_000 + seconds * 1000) }

@Suite("What a failure ends in")
struct FailureRuleTests {
    @Test(
        "is another try while the job has one and may have one, else death of its own class",
        arguments: [
            (true, 0, 2, true, FailureRule.End.queued(at: at(9))), (true, 1, 2, true, .dead(.server)),
            (true, 0, 1, true, .dead(.server)), (true, 18, 20, true, .queued(at: at(9))),
            (true, 19, 20, true, .dead(.server)), (false, 1, 2, true, .queued(at: at(9))),
            (false, 0, 2, false, .dead(.server)), (true, 0, 2, false, .dead(.server)),
        ] as [(Bool, Int, Int, Bool, FailureRule.End)]
    )
    func end(counts: Bool, failures: Int, tries: Int, mayRetry: Bool, expected: FailureRule.End) {
        let end = FailureRule.end(
            counts: counts,
            failures: failures,
            tries: tries,
            retryAt: mayRetry ? at(9) : nil,
            errorClass: .server
        )
        #expect(end == expected)
    }

    @Test("is an unknown cause where none was told")
    func unknown() {
        let end = FailureRule.end(counts: true, failures: 1, tries: 2, retryAt: at(9), errorClass: nil)
        #expect(end == .dead(.unknown))
    }

    @Test("ends a patience where the provider did more than turn the job away")
    func patience() {
        #expect(FailureRule.deferredSince(at(1), endsPatience: true, requeuedAt: at(2)) == nil)
        #expect(FailureRule.deferredSince(nil, endsPatience: true, requeuedAt: at(2)) == nil)
        #expect(FailureRule.deferredSince(at(1), endsPatience: false, requeuedAt: at(2)) == at(1))
        #expect(FailureRule.deferredSince(nil, endsPatience: false, requeuedAt: at(2)) == at(2))
    }
}

@Suite("When an end expires")
struct ExpiryTests {
    private let retention = Retention(
        succeeded: .seconds(30),
        dead: .seconds(90),
        cancelled: .seconds(7),
        idempotencyKeys: .seconds(24)
    )

    @Test(
        "is so long after the end, or after the believed time where that is later",
        arguments: [(JobState.succeeded, 30), (.dead, 90), (.cancelled, 7)] as [(JobState, Int64)]
    )
    func ends(state: JobState, seconds: Int64) {
        #expect(Expiry(retention).end(of: state, at: at(0)) == at(seconds))
        #expect(Expiry(retention, noted: at(-5)).end(of: state, at: at(0)) == at(seconds))
        #expect(Expiry(retention, noted: at(5)).end(of: state, at: at(0)) == at(5 + seconds))
    }

    @Test("holds for keys too, and a clock that is ahead ends none")
    func keys() {
        #expect(Expiry(retention, noted: at(5)).endOfKey(from: at(0)) == at(29))
        #expect(!Expiry.isOver(key: at(29), at: at(28), noted: nil))
        #expect(Expiry.isOver(key: at(29), at: at(29), noted: nil))
        #expect(!Expiry.isOver(key: at(29), at: at(100_000), noted: at(-4000)))
        #expect(Expiry.isOver(key: at(29), at: at(100_000), noted: at(20)))
    }

    @Test("holds for what is kept for a moment only")
    func bodies() {
        #expect(Expiry(retention).endOfBodies(keptFor: nil, at: at(0)) == nil)
        #expect(Expiry(retention).endOfBodies(keptFor: .seconds(60), at: at(0)) == at(60))
        #expect(Expiry(retention, noted: at(5)).endOfBodies(keptFor: .seconds(60), at: at(0)) == at(65))
    }

    @Test("holds for a thread: it is kept as long as the newest of it, and while one of it lives")
    func threads() {
        let long = Retention(
            succeeded: .seconds(300),
            dead: .seconds(900),
            cancelled: .seconds(70),
            idempotencyKeys: .seconds(24)
        )
        #expect(Expiry(long).endOfThread(newest: at(10), lives: false, at: at(9)) == at(10))
        #expect(Expiry(long).endOfThread(newest: at(10), lives: false, at: at(10)) == nil)
        #expect(Expiry(long).endOfThread(newest: nil, lives: false, at: at(10)) == nil)
        #expect(Expiry(long).endOfThread(newest: at(10), lives: true, at: at(10)) == at(80))
        #expect(Expiry(long).endOfThread(newest: at(99), lives: true, at: at(10)) == at(99))
        #expect(Expiry(long, noted: at(20)).endOfThread(newest: nil, lives: true, at: at(10)) == at(90))
        // Nobody is looked at every moment because a setting says that nothing is to be kept.
        #expect(Expiry(retention).endOfThread(newest: nil, lives: true, at: at(10)) == at(70))
    }
}

@Suite("When patience ends")
struct PatienceRuleTests {
    @Test("is at a deadline, and not a moment before")
    func deadline() {
        #expect(!Patience.isOverdue(deadlineAt: nil, at: at(9)))
        #expect(!Patience.isOverdue(deadlineAt: at(10), at: at(9)))
        #expect(Patience.isOverdue(deadlineAt: at(9), at: at(9)))
    }

    @Test("is for held jobs when they were there and due for all of the time, and have no deadline")
    func held() {
        func isOver(created: Int64, due: Int64, deadline: Timestamp? = nil) -> Bool {
            Patience.isHeldTooLong(createdAt: at(created), runAt: at(due), deadlineAt: deadline, heldSince: at(10))
        }
        #expect(isOver(created: 1, due: 9))
        #expect(!isOver(created: 1, due: 10))
        #expect(!isOver(created: 10, due: 1))
        #expect(!isOver(created: 1, due: 1, deadline: at(99)))
    }

    @Test("is for deferred jobs when they have been put off for so long without a break")
    func deferred() {
        func isOver(since: Timestamp?, deadline: Timestamp? = nil, after: Duration = .seconds(5)) -> Bool {
            Patience.isOver(deferredSince: since, deadlineAt: deadline, at: at(10), after: after)
        }
        #expect(isOver(since: at(5)))
        #expect(!isOver(since: at(6)))
        #expect(!isOver(since: nil))
        #expect(isOver(since: nil, after: .zero))
        #expect(!isOver(since: at(0), deadline: at(99)))
    }
}

@Suite("What an interruption costs")
struct InterruptionTests {
    @Test(
        "is another try while the policy and the limit let it be",
        arguments: [
            (0, OnUnknown.retry, nil), (3, .retry, nil), (4, .retry, .poison), (0, .deadLetter, .interrupted),
            (4, .deadLetter, .poison), (0, .once, nil), (4, .once, .poison),
        ] as [(Int, OnUnknown, ErrorClass?)]
    )
    func end(interrupts: Int, onUnknown: OnUnknown, expected: ErrorClass?) {
        #expect(Interruption.end(interrupts: interrupts, onUnknown: onUnknown) == expected)
    }
}

@Suite("What a late settlement does")
struct LateSettlementTests {
    @Test("is told by what the attempt holds, for every pair", arguments: AttemptOutcome.allCases)
    func pairs(closing: AttemptOutcome) {
        for stored in AttemptOutcome.allCases {
            let decision = LateSettlement.decide(closing: closing, stored: stored, storedClass: nil)
            switch (closing, stored) {
            case _ where closing == stored: #expect(decision == .repeated)
            case (.released, .cancelled): #expect(decision == .nothingSent)
            case (.released, _), (.deferred, _): #expect(decision == .ignored)
            case (_, .cancelled): #expect(decision == .record(.cancelled))
            case (_, .interrupted), (_, .late): #expect(decision == .record(.late))
            default: #expect(decision == .ignored, "\(closing) after \(stored)")
            }
        }
        #expect(LateSettlement.decide(closing: closing, stored: nil, storedClass: nil) == .ignored)
    }

    @Test("is nothing for a release that came after a cancellation once more")
    func releasedTwice() {
        #expect(LateSettlement.decide(closing: .released, stored: .released, storedClass: .cancelled) == .ignored)
        #expect(LateSettlement.decide(closing: .released, stored: .released, storedClass: nil) == .repeated)
    }
}

@Suite("When a key is handed on")
struct KeyHandoverTests {
    @Test("is when its job ended without an answer and surely cost nothing", arguments: JobState.allCases)
    func states(state: JobState) {
        let isDeadOrCancelled = state == .dead || state == .cancelled
        #expect(KeyHandover.letsGo(state, possiblyCharged: false) == isDeadOrCancelled)
        #expect(!KeyHandover.letsGo(state, possiblyCharged: true))
    }

    @Test("leaves a job behind that stays dead")
    func redrive() {
        #expect(KeyHandover.mayRedrive(supersededBy: nil))
        #expect(!KeyHandover.mayRedrive(supersededBy: .generate(at: at(0))))
    }
}

@Suite("When a job may be continued")
struct PredecessorTests {
    @Test("is when it succeeded and is kept whole, by its owner, one step behind it in its thread")
    func offers() {
        let first = Predecessor(
            id: .generate(at: at(0)),
            owner: OwnerID(rawValue: "ada"),
            ancestry: nil,
            state: .succeeded,
            keepsBodies: nil,
            hasBodies: true
        )
        var second = first
        second.id = .generate(at: at(1))
        second.ancestry = Ancestry(previous: first.id, thread: first.id, depth: 1)
        #expect(first.offers(itselfTo: job(first.id, thread: first.id, depth: 1)))
        #expect(second.offers(itselfTo: job(second.id, thread: first.id, depth: 2)))
        #expect(!second.offers(itselfTo: job(second.id, thread: second.id, depth: 2)))
        #expect(!second.offers(itselfTo: job(second.id, thread: first.id, depth: 1)))
        #expect(!second.offers(itselfTo: job(first.id, thread: first.id, depth: 2)))
        #expect(!second.offers(itselfTo: job(second.id, thread: first.id, depth: 2, owner: "bob")))
    }

    @Test("is in no other state, not after its deletion, and not when it goes shortly after its end")
    func isOffered() {
        for state in JobState.allCases + [nil] {
            for hasBodies in [true, false] {
                for keepsBodies in [nil, Duration.seconds(60)] {
                    let job = Predecessor(
                        id: .generate(at: at(0)),
                        owner: OwnerID(rawValue: "ada"),
                        ancestry: nil,
                        state: state,
                        keepsBodies: keepsBodies,
                        hasBodies: hasBodies
                    )
                    #expect(job.isOffered == (state == .succeeded && hasBodies && keepsBodies == nil))
                }
            }
        }
    }

    private func job(_ previous: JobID, thread: JobID, depth: Int, owner: String = "ada") -> NewJob {
        var job = NewJob.example(owner: owner)
        job.facts.ancestry = Ancestry(previous: previous, thread: thread, depth: depth)
        return job
    }
}
