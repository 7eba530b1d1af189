import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@Suite(.timeLimit(.minutes(1)))
struct EngineTests {
    @Test func aPromptIsAnswered() async throws {
        try await Rig(script: { _, _ in Rig.answer }).run { rig in
            let id = try await rig.submit()
            let job = try await rig.ended(id)
            #expect(job.state == .succeeded)
            #expect(job.result?.text == "hi")
            #expect(job.result?.finish == "stop")
            #expect(job.result?.usage?.units == ["input": 3, "output": 1])
            #expect(job.attempts == 1)
            #expect(!job.possiblyCharged)
            #expect(job.lastAttempt?.report?.upstreamID == "up-1")
            #expect(job.lastAttempt?.start.configHash == "hash-up")
        }
    }

    @Test func theProviderReceivesExactlyWhatWasAskedFor() async throws {
        try await Rig(script: { _, _ in Rig.answer }).run { rig in
            let body =
                #"{"type":"chat","model":"m","systemMsg":"be \u0041\/b","prompt":"é \"q\"","randomness":0.70,"maxToken":1000}"#
            _ = try await rig.ended(rig.submit(body))
            let call = try #require(rig.transport.calls.first)
            let expected =
                #"{"model":"m","messages":[{"role":"system","content":"be \u0041\/b"},{"role":"user","content":"é \"q\""}],"#
                + #""temperature":0.70,"max_tokens":1000}"#
            #expect(String(decoding: call.body, as: UTF8.self) == expected)
            #expect(call.url == "http://up.test/up/chat/completions")
            #expect(
                call.secretHeader
                    == SecretHeader(name: "Authorization", prefix: "Bearer ", secret: Secret("top-secret-key"))
            )
        }
    }

    @Test func oneServerErrorIsRetried() async throws {
        try await Rig { _, number in number == 1 ? Rig.refusal(500) : Rig.answer }.run { rig in
            let job = try await rig.ended(rig.submit())
            #expect(job.state == .succeeded)
            #expect(job.attempts == 2)
            #expect(job.failures == 1)
            #expect(rig.transport.calls.count == 2)
        }
    }

    @Test func twoServerErrorsAreDeath() async throws {
        try await Rig { _, _ in Rig.refusal(500) }.run { rig in
            let job = try await rig.ended(rig.submit())
            #expect(job.state == .dead)
            #expect(job.errorClass == .server)
            #expect(job.failures == 2)
            #expect(job.lastAttempt?.report?.httpStatus == 500)
            #expect(rig.transport.calls.count == 2)
        }
    }

    @Test(
        arguments: [
            (400, nil, ErrorClass.invalidRequest), (400, "context_length_exceeded", .tokenLimit),
            (400, "content_filter", .contentFilter), (402, nil, .permission), (403, nil, .permission),
            (404, "model_not_found", .invalidModel),
        ] as [(Int, String?, ErrorClass)]
    )
    func aRefusalIsDeathAfterOneCall(status: Int, code: String?, errorClass: ErrorClass) async throws {
        try await Rig { _, _ in Rig.refusal(status, code: code) }.run { rig in
            let job = try await rig.ended(rig.submit())
            #expect(job.state == .dead)
            #expect(job.errorClass == errorClass)
            #expect(job.failures == 0)
            #expect(job.lastAttempt?.report?.httpStatus == status)
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test func aRateLimitClosesTheRowForAllItsJobsAndCountsNothing() async throws {
        let rig = Rig { _, number in
            number == 1 ? Rig.refusal(429, headers: [HeaderField("retry-after", "30")]) : Rig.answer
        }
        try await rig.run { rig in
            let first = try await rig.submit()
            _ = try await rig.attempts(first) { $0.first?.outcome == .deferred }
            let second = try await rig.submit()
            let waiting = try #require(try await rig.store.job(second, owner: nil).flatMap { rig.engine.waiting($0) })
            #expect(waiting.reason?.contains("asked to wait") == true)
            #expect(waiting.nextAttemptAt == rig.clock.timestamp.adding(.seconds(30)))
            #expect(rig.transport.calls.count == 1)
            try await rig.advance(by: .seconds(31))
            let jobs = [try await rig.ended(first), try await rig.ended(second)]
            #expect(jobs.map(\.state) == [.succeeded, .succeeded])
            #expect(jobs.map(\.failures) == [0, 0])
            #expect(rig.transport.calls.count == 3)
        }
    }

    @Test func patienceWithAProviderEnds() async throws {
        var settings = EngineSettings(backoff: .zero)
        settings.patience = .seconds(60)
        let rig = Rig(settings: settings) { _, _ in Rig.refusal(429, headers: [HeaderField("retry-after", "40")]) }
        try await rig.run { rig in
            let id = try await rig.submit()
            for count in 1...2 {
                _ = try await rig.attempts(id) { $0.filter { $0.outcome == .deferred }.count == count }
                try await rig.advance(by: .seconds(41))
            }
            let job = try await rig.ended(id)
            #expect(job.state == .dead)
            #expect(job.errorClass == .rateLimit)
            #expect(job.failures == 0)
        }
    }

    @Test func patienceEndsWithARowThatRestsWhereAnotherTurnsTheJobAway() async throws {
        var settings = EngineSettings(backoff: .zero)
        settings.patience = .seconds(60)
        let rig = Rig(rows: [Rig.row("a"), Rig.row("b", priority: 1)], settings: settings) { call, _ in
            if call.url.contains("/a/") { return Rig.refusal(404, code: "model_not_found") }
            return Rig.refusal(429, headers: [HeaderField("retry-after", "90")])
        }
        try await rig.run { rig in
            // `b` is closed for 90 s by the first, and the second is turned away by `a`.
            _ = try await rig.attempts(rig.submit()) { $0.last?.outcome == .deferred }
            let id = try await rig.submit()
            _ = try await rig.attempts(id) { $0.count == 1 && $0[0].outcome == .failed }
            let waiting = try #require(try await rig.store.job(id, owner: nil))
            #expect((waiting.state, waiting.deferredSince) == (.queued, rig.clock.timestamp))
            try await rig.advance(by: .seconds(91))
            let job = try await rig.ended(id)
            #expect((job.state, job.failures) == (.dead, 0))
        }
    }

    @Test func jobsWaitForABadKeyAndGoOnAfterAReload() async throws {
        let rig = Rig(rows: [Rig.row(concurrency: 1)]) { call, _ in
            call.secretHeader?.secret == Secret("good") ? Rig.answer : Rig.refusal(401, code: "invalid_api_key")
        }
        try await rig.run { rig in
            var ids: [JobID] = []
            for _ in 1...4 { ids.append(try await rig.submit()) }
            // The one that brought the news waits as well.
            let attempts = try await rig.attempts(ids[0]) { $0.first?.outcome != nil }
            #expect(attempts.map(\.outcome) == [.deferred])
            #expect(attempts.first?.report?.errorClass == .authentication)
            let held = try #require(try await rig.store.job(ids[1], owner: nil))
            #expect(held.state == .queued)
            let waiting = try #require(rig.engine.waiting(held))
            // The caller is told of the row alone.
            #expect(waiting.reason?.contains("row up:") == true)
            #expect(waiting.reason?.contains("KEY") == false)
            #expect(waiting.forOperators.reason?.contains("env:KEY") == true)
            #expect(rig.transport.calls.count == 1)
            let good = Credential(slot: "env:KEY", secret: Secret("good"))
            rig.engine.reload(Catalogue(rows: [Rig.row(credentials: [good], concurrency: 1)]))
            for id in ids { #expect(try await rig.ended(id).state == .succeeded) }
        }
    }

    @Test func jobsOnTheirWayWhenAKeyIsRefusedAreNotDead() async throws {
        let rig = Rig { _, number in number <= 3 ? Rig.refusal(401).held : Rig.answer }
        try await rig.run { rig in
            var ids: [JobID] = []
            for _ in 1...3 { ids.append(try await rig.submit()) }
            try await rig.transport.waitForCalls(3)
            for number in 1...3 { rig.transport.release(number) }
            var states: [JobState] = []
            for id in ids {
                _ = try await rig.attempts(id) { $0.last?.outcome != nil }
                states.append(try #require(try await rig.store.job(id, owner: nil)).state)
            }
            #expect(states == [.queued, .queued, .queued])
        }
    }

    @Test func aRefusedKeyIsProbedWithOneJobThatDoesNotDieOfIt() async throws {
        let rig = Rig { _, number in number <= 2 ? Rig.refusal(401) : Rig.answer }
        try await rig.run { rig in
            let first = try await rig.submit()
            _ = try await rig.attempts(first) { $0.first?.outcome == .deferred }
            let others = [first, try await rig.submit(), try await rig.submit()]
            try await rig.advance(by: .seconds(61))
            try await rig.transport.waitForCalls(2)
            while try await rig.store.jobs(JobQuery(owner: nil, state: .queued, limit: 10)).count < 3 {
                await Task.yield()
            }
            #expect(rig.transport.calls.count == 2)
            try await rig.advance(by: .seconds(61))
            for id in others { #expect(try await rig.ended(id).state == .succeeded) }
        }
    }

    @Test func anotherCredentialIsTriedInTheSameCall() async throws {
        let credentials = ["bad", "good"].map { Credential(slot: "env:\($0)", secret: Secret($0)) }
        let rig = Rig(rows: [Rig.row(credentials: credentials)]) { call, _ in
            call.secretHeader?.secret == Secret("good") ? Rig.answer : Rig.refusal(401)
        }
        try await rig.run { rig in
            var attempts: [Int] = []
            for _ in 1...40 {
                let job = try await rig.ended(rig.submit())
                #expect((job.state, job.failures) == (.succeeded, 0))
                attempts.append(job.attempts)
            }
            // Both have their share of the calls, until the first is refused.
            #expect(attempts.filter { $0 != 1 } == [2])
        }
    }

    @Test func aFullRowStillOffersItsOtherCredential() async throws {
        let credentials = ["one", "other"].map { Credential(slot: "env:\($0)", secret: Secret($0)) }
        let rig = Rig(rows: [Rig.row(credentials: credentials, concurrency: 1)]) { _, number in
            number == 1 ? Rig.refusal(401) : Rig.answer
        }
        try await rig.run { rig in
            let job = try await rig.ended(rig.submit())
            #expect(job.state == .succeeded)
            #expect(job.attempts == 2)
        }
    }

    @Test func aJobWhoseOtherRowIsFullWaitsForIt() async throws {
        let rows = [Rig.row("a"), Rig.row("b", priority: 1, concurrency: 1), Rig.row("c", models: ["other"])]
        let rig = Rig(rows: rows) { call, number in
            if number == 1 { return Rig.answer.held }
            return call.url.contains("/a/") ? Rig.refusal(404) : Rig.answer
        }
        try await rig.run { rig in
            let fill = Rig.row("b", models: ["m"], concurrency: 1)
            rig.engine.reload(Catalogue(rows: [fill]))
            let first = try await rig.submit()
            try await rig.transport.waitForCalls(1)
            rig.engine.reload(Catalogue(rows: rows))
            let second = try await rig.submit()
            _ = try await rig.attempts(second) { $0.contains { $0.outcome == .failed } }
            rig.transport.release(1)
            #expect(try await rig.ended(first).state == .succeeded)
            let job = try await rig.ended(second)
            #expect(job.state == .succeeded)
            #expect(job.failures == 0)
            #expect(job.lastAttempt?.start.row == "b")
        }
    }

    @Test func aRetryPrefersARowThatHasNotFailedTheJob() async throws {
        let rows = [Rig.row("a"), Rig.row("b", priority: 1)]
        let rig = Rig(rows: rows) { call, _ in call.url.contains("/a/") ? Rig.refusal(500) : Rig.answer }
        try await rig.run { rig in
            let job = try await rig.ended(rig.submit())
            #expect(job.state == .succeeded)
            #expect(job.lastAttempt?.start.row == "b")
            #expect(rig.transport.calls.count == 2)
        }
    }

    @Test func aModelUnknownUpstreamIsAskedOfTheNextRow() async throws {
        let rows = [Rig.row("a"), Rig.row("b", priority: 1)]
        let rig = Rig(rows: rows) { call, _ in call.url.contains("/a/") ? Rig.refusal(404) : Rig.answer }
        try await rig.run { rig in
            let job = try await rig.ended(rig.submit())
            #expect(job.state == .succeeded)
            #expect(job.failures == 0)
            #expect(job.attempts == 2)
        }
    }

    @Test(arguments: [OnUnknown.retry, .deadLetter])
    func aLostAnswerIsUnknownAndThePolicyDecides(onUnknown: OnUnknown) async throws {
        let lost = ReplayScript.failure(TransportError(.reset, requestSent: true, "the connection died"))
        let rig = Rig { _, number in number == 1 ? lost : Rig.answer }
        try await rig.run { rig in
            let job = try await rig.ended(rig.submit(onUnknown: onUnknown))
            let attempts = try #require(try await rig.store.attempts(job.id, owner: nil))
            #expect(attempts.first?.outcome == .unknown)
            #expect(job.possiblyCharged)
            #expect(job.failures == 1)
            #expect(job.state == (onUnknown == .retry ? .succeeded : .dead))
            #expect(rig.transport.calls.count == (onUnknown == .retry ? 2 : 1))
        }
    }

    @Test func aCutRefusalIsStillARefusal() async throws {
        let cut = TransportError(.malformed, requestSent: true, "cut")
        let script = ReplayScript([.head(429, [HeaderField("retry-after", "30")]), .chunk("{\"err"), .fail(cut)])
        try await Rig { _, number in number == 1 ? script : Rig.answer }.run { rig in
            let id = try await rig.submit()
            _ = try await rig.attempts(id) { $0.first?.outcome == .deferred }
            try await rig.advance(by: .seconds(31))
            #expect(try await rig.ended(id).state == .succeeded)
        }
    }

    @Test func aCutAnswerIsUnknown() async throws {
        let cut = TransportError(.malformed, requestSent: true, "cut")
        let script = ReplayScript([.head(200), .chunk("{\"choices"), .fail(cut)])
        try await Rig { _, _ in script }.run { rig in
            let job = try await rig.ended(rig.submit(onUnknown: .deadLetter))
            #expect(job.lastAttempt?.outcome == .unknown)
            #expect(job.errorClass == .malformedResponse)
            #expect(job.possiblyCharged)
        }
    }

    @Test func anAnswerWithoutAFinishIsNoSuccess() async throws {
        let empty = ReplayScript.stream([#"{"choices":[{"delta":{"content":"hi"}}]}"#])
        try await Rig { _, _ in empty }.run { rig in
            let job = try await rig.ended(rig.submit())
            #expect(job.state == .dead)
            #expect(job.errorClass == .malformedResponse)
        }
    }

    @Test func aQueuedJobThatIsCancelledIsNeverSent() async throws {
        try await Rig(script: { _, _ in Rig.answer }).run { rig in
            let id = try await rig.submit(runAt: .seconds(10))
            #expect(try await rig.engine.cancel(id, owner: Rig.owner, audit: nil) == .cancelled(wasRunning: false))
            try await rig.advance(by: .seconds(20))
            let later = try await rig.submit()
            #expect(try await rig.ended(later).state == .succeeded)
            #expect(rig.transport.calls.count == 1)
            #expect(try await rig.engine.cancel(id, owner: Rig.owner, audit: nil) == .ended(.cancelled))
        }
    }

    @Test func cancellingARunningJobClosesItsCall() async throws {
        try await Rig { _, _ in Rig.answer.held }.run { rig in
            let id = try await rig.submit()
            try await rig.transport.waitForCalls(1)
            #expect(try await rig.engine.cancel(id, owner: Rig.owner, audit: nil) == .cancelled(wasRunning: true))
            try await rig.transport.waitForCancellations(1)
            let job = try await rig.ended(id)
            #expect(job.state == .cancelled)
            #expect(job.possiblyCharged)
            let attempts = try await rig.attempts(id) { $0.first?.report?.errorClass != nil }
            #expect(attempts.map(\.outcome) == [.cancelled])
        }
    }

    @Test func aJobRunsAtItsTimeAndDiesAtItsDeadline() async throws {
        let rig = Rig(rows: [Rig.row(unavailable: "KEY is not set")]) { _, _ in Rig.answer }
        try await rig.run { rig in
            let id = try await rig.submit(deadline: .seconds(60))
            let job = try #require(try await rig.store.job(id, owner: nil))
            #expect(rig.engine.waiting(job)?.forOperators.reason?.contains("KEY is not set") == true)
            try await rig.advance(by: .seconds(61))
            let dead = try await rig.ended(id)
            #expect(dead.errorClass == .expired)
            #expect(rig.transport.calls.isEmpty)
        }
    }

    @Test func concurrencyIsNeverPassed() async throws {
        let rig = Rig(rows: [Rig.row(concurrency: 2)]) { _, _ in Rig.answer.held }
        try await rig.run { rig in
            var ids: [JobID] = []
            for _ in 1...6 { ids.append(try await rig.submit()) }
            for number in 1...6 {
                try await rig.transport.waitForCalls(number)
                #expect(rig.engine.rows.first.map { $0.running <= 2 } == true)
                #expect(rig.transport.calls.count - (number - 1) <= 2)
                rig.transport.release(number)
            }
            for id in ids { #expect(try await rig.ended(id).state == .succeeded) }
        }
    }

    @Test func anInterruptedJobIsRunAgainAtTheNextStart() async throws {
        let store = MemoryStore()
        let clock = ManualClock()
        let first = Rig(store: store, clock: clock) { _, _ in Rig.answer }
        let id = try await first.submit()
        let start = AttemptStart(row: "up", credential: nil, model: "m", configHash: "", startedAt: clock.timestamp)
        let group = JobGroup(lane: .bulk, operation: .chat, route: "m")
        var batch = try await store.claim(
            ClaimRequest(group: group, boot: .generate(), now: clock.timestamp, starts: [start])
        )
        // As a process that was killed would: nothing is settled.
        while let claim = batch.next() { claim.abandon() }
        try await Rig(store: store, clock: clock) { _, _ in Rig.answer }.run { rig in
            let job = try await rig.ended(id)
            #expect(job.state == .succeeded)
            #expect(job.interrupts == 1)
            #expect(job.possiblyCharged)
            #expect(job.attempts == 2)
        }
    }

    @Test func aStopLetsRunningCallsFinish() async throws {
        let rig = Rig { _, _ in Rig.answer.held }
        let id = try await rig.submit()
        try await rig.run { rig in
            try await rig.transport.waitForCalls(1)
            Task {
                while !rig.engine.isDraining { await Task.yield() }
                rig.transport.release(1)
            }
        }
        #expect(try await rig.store.job(id, owner: nil)?.state == .succeeded)
    }

    @Test func aStopWithoutGraceCallsRunningCallsOff() async throws {
        let rig = Rig(settings: EngineSettings(grace: .zero)) { _, _ in Rig.answer.held }
        let id = try await rig.submit()
        try await rig.run { rig in try await rig.transport.waitForCalls(1) }
        let job = try #require(try await rig.store.job(id, owner: nil))
        #expect(job.state == .queued)
        #expect(job.possiblyCharged)
        #expect(job.failures == 0)
        #expect(job.interrupts == 0)
    }

    @Test func waitersAreLetGoByAStop() async throws {
        let rig = Rig { _, _ in Rig.answer }
        let id = try await rig.submit(runAt: .seconds(1000))
        let waiter = Task { try await rig.engine.wait(for: id, owner: nil, atMost: .seconds(600)) }
        try await rig.run { _ in }
        #expect(try await waiter.value?.state == .queued)
    }
}
