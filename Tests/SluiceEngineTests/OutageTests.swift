import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Synchronization
import Testing

/// A provider that is away, or ill, for everybody: it leaves a queue behind, and no dead letters.
@Suite("An outage", .timeLimit(.minutes(1)))
struct OutageTests {
    private static let away = ReplayScript.failure(
        TransportError(.connect, requestSent: false, "connection refused")
    )

    @Test("of a provider that can't be reached costs its jobs nothing, and they wait longer each time")
    func unreached() async throws {
        let settings = EngineSettings(backoff: .seconds(2))
        try await Rig(settings: settings) { _, number in number <= 3 ? Self.away : Rig.answer }.run { rig in
            let id = try await rig.submit(onUnknown: .deadLetter)
            for count in 1...3 {
                let attempts = try await rig.attempts(id) { $0.count { $0.outcome == .deferred } == count }
                #expect(attempts.last?.report?.errorClass == .network)
                let job = try #require(try await rig.store.job(id, owner: nil))
                #expect(job.runAt.since(rig.clock.timestamp) >= .seconds(1 << (count - 1)))
                try await rig.advance(by: .seconds(1 << count))
            }
            let job = try await rig.ended(id)
            #expect((job.state, job.failures, job.possiblyCharged) == (.succeeded, 0, false))
        }
    }

    @Test("that is the gateway's own lack of files costs its jobs nothing, and no provider is thought to be away")
    func starved() async throws {
        let starved = ReplayScript.failure(TransportError(.noDescriptor, requestSent: false, "no socket"))
        let settings = EngineSettings(backoff: .seconds(2))
        try await Rig(settings: settings) { _, number in number <= 5 ? starved : Rig.answer }.run { rig in
            var ids: [JobID] = []
            for _ in 1...5 {
                ids.append(try await rig.submit(onUnknown: .deadLetter))
                let attempts = try await rig.attempts(ids[ids.count - 1]) { $0.last?.outcome == .deferred }
                #expect(attempts.map { $0.report?.message } == ["no socket"])
            }
            // Whoever else asks the same provider is not kept waiting.
            #expect(try await rig.ended(try await rig.submit()).state == .succeeded)
            try await rig.advance(by: .seconds(2))
            for id in ids {
                let job = try await rig.ended(id)
                #expect((job.state, job.failures, job.possiblyCharged) == (.succeeded, 0, false))
            }
        }
    }

    @Test("ends for each job when its patience does")
    func patience() async throws {
        var settings = EngineSettings(backoff: .seconds(2))
        settings.patience = .seconds(3)
        try await Rig(settings: settings) { _, _ in Self.away }.run { rig in
            let id = try await rig.submit()
            _ = try await rig.attempts(id) { $0.count == 1 && $0[0].outcome == .deferred }
            try await rig.advance(by: .seconds(4))
            let job = try await rig.ended(id)
            #expect((job.state, job.errorClass, job.failures) == (.dead, .network, 0))
        }
    }

    @Test(
        "makes the row rest after five jobs, with one probe at a time; nobody dies of it",
        arguments: [500, 502, 503]
    )
    func rests(status: Int) async throws {
        let isWell = Atomic<Bool>(false)
        let rig = Rig(rows: [Rig.row(concurrency: 5)], settings: EngineSettings(backoff: .seconds(2))) { _, _ in
            isWell.load(ordering: .relaxed) ? Rig.answer : Rig.refusal(status)
        }
        try await rig.run { rig in
            var ids: [JobID] = []
            for _ in 1...20 { ids.append(try await rig.submit()) }
            try await rig.atRest()
            let before = rig.transport.calls.count
            // Some may have begun while the fifth failed.
            #expect((5...9).contains(before))
            for (number, rest) in [5, 10].enumerated() {
                try await rig.advance(by: .seconds(rest))
                try await rig.transport.waitForCalls(before + number + 1)
                try await rig.atRest()
                #expect(rig.transport.calls.count == before + number + 1)
            }
            isWell.store(true, ordering: .relaxed)
            try await rig.advance(by: .seconds(20))
            var failures = 0
            for id in ids {
                let job = try await rig.ended(id)
                #expect(job.state == .succeeded)
                failures += job.failures
            }
            // Those that failed before the fifth, and nobody since: neither the fifth, nor a probe.
            #expect(failures == 4)
            #expect(rig.transport.calls.count == before + 2 + 20)
        }
    }

    @Test("answers calls at once while their row rests, and says when to come again")
    func calls() async throws {
        try await Rig { _, number in number <= 5 ? Rig.refusal(500) : Rig.answer }.run { rig in
            for _ in 1...5 {
                guard case .failed = await (try rig.open()).end() else { throw Unexpected() }
            }
            guard case .closed(let hold) = await rig.engine.calls.open(rig.request()) else { throw Unexpected() }
            #expect((hold.kind, hold.opensIn) == (.rest, .seconds(5)))
            #expect(rig.engine.rows.first?.models.first?.restsUntil == rig.clock.timestamp.adding(.seconds(5)))
            rig.clock.advance(by: .seconds(5))
            guard case .succeeded = await (try rig.open()).end() else { throw Unexpected() }
            #expect(rig.engine.rows.first?.models.isEmpty == true)
        }
    }

    @Test("tells the call that found the row away when to come again")
    func callRest() async throws {
        try await Rig { _, _ in Self.away }.run { rig in
            // From the third on it is not tried.
            for expected: Duration? in [nil, nil, .seconds(5)] {
                guard case .failed(let failure) = await (try rig.open()).end() else { throw Unexpected() }
                #expect(failure.retryAfter == expected)
            }
            guard case .closed(let hold) = await rig.engine.calls.open(rig.request()) else { throw Unexpected() }
            #expect((hold.kind, hold.opensIn) == (.away, .seconds(5)))
        }
    }

    @Test("of one row is none where another serves the model")
    func nextRow() async throws {
        let rows = [Rig.row("a"), Rig.row("b", priority: 1)]
        try await Rig(rows: rows) { call, _ in call.url.contains("/a/") ? Self.away : Rig.answer }.run { rig in
            for _ in 1...8 {
                let job = try await rig.ended(rig.submit())
                #expect((job.state, job.failures, job.lastAttempt?.start.row) == (.succeeded, 0, "b"))
            }
            // From the third on nobody asks the one that is away.
            #expect(rig.transport.calls.count { $0.url.contains("/a/") } == 3)
        }
    }

    @Test(
        "is none where the row's address may not be called: its jobs wait for an operator, and callers are told at once"
    )
    func forbidden() async throws {
        let forbidden = ReplayScript.failure(
            TransportError(.forbiddenAddress, requestSent: false, "10.0.0.1 is private")
        )
        try await Rig { _, number in number <= 2 ? forbidden : Rig.answer }.run { rig in
            let id = try await rig.submit()
            _ = try await rig.attempts(id) { $0.first?.outcome == .deferred }
            #expect(rig.engine.rows.first?.unavailable == "10.0.0.1 is private")
            guard case .closed(let hold) = await rig.engine.calls.open(rig.request()) else { throw Unexpected() }
            #expect(hold.kind == .lack)
            #expect(!hold.reason.contains("10.0.0.1"))
            #expect(rig.transport.calls.count == 1)
            // It is tried again each minute, and at once after a reload.
            try await rig.advance(by: .seconds(60))
            _ = try await rig.attempts(id) { $0.count { $0.outcome == .deferred } == 2 }
            rig.engine.reload(Catalogue(rows: [Rig.row()]))
            #expect(try await rig.ended(id).state == .succeeded)
        }
    }

    @Test("is over for all at the first text of a stream that probes")
    func streamProbe() async throws {
        let held = ReplayScript([
            .head(200, [HeaderField("content-type", "text/event-stream")]), .chunk("data: \(Rig.chunks[0])\n\n"),
            .chunk("data: \(Rig.chunks[1])\n\n"), .hold, .end,
        ])
        let rig = Rig { _, number in number <= 5 ? Rig.refusal(500) : number == 6 ? held : Rig.answer }
        try await rig.run { rig in
            for _ in 1...5 {
                guard case .failed = await (try rig.open()).end() else { throw Unexpected() }
            }
            rig.clock.advance(by: .seconds(5))
            let probe = try await rig.open(stream: true)
            guard case .stream = await probe.beginning() else { throw Unexpected() }
            while rig.engine.rows.first?.models.isEmpty == false { try await Task.sleep(for: .zero) }
            guard case .succeeded = await (try rig.open()).end() else { throw Unexpected() }
            rig.transport.release(6)
            _ = await probe.end()
        }
    }

    @Test("a call that may have been paid goes to no other row, and says so", arguments: Unanswered.all)
    func unknown(_ example: Unanswered) async throws {
        let rows = [Rig.row("a"), Rig.row("b", priority: 1)]
        try await Rig(rows: rows) { _, _ in example.script }.run { rig in
            guard case .failed(let failure) = await (try rig.open()).end() else { throw Unexpected() }
            #expect(failure.possiblyCharged)
            #expect(failure.errorClass == example.errorClass)
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test("a request that is refused for itself closes nothing, and its caller hears the first that was said of it")
    func aboutRequest() async throws {
        let rows = [Rig.row("a"), Rig.row("b", priority: 1)]
        try await Rig(rows: rows) { call, number in
            if number > 20 { return Rig.answer }
            return call.url.contains("/a/") ? Rig.refusal(402, code: "too_dear") : Rig.refusal(500)
        }.run { rig in
            for _ in 1...10 {
                let before = rig.transport.calls.count
                guard case .failed(let failure) = await (try rig.open()).end() else { throw Unexpected() }
                #expect((failure.errorClass, failure.code) == (.permission, "too_dear"))
                // The second row rests after five.
                #expect(rig.transport.calls.count - before <= 2)
            }
            #expect(rig.engine.rows.first?.models.isEmpty == true)
            #expect(rig.engine.rows.first?.unavailable == nil)
        }
    }

    struct Unanswered: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var script: ReplayScript
        var errorClass: ErrorClass

        static let all = [
            Unanswered("reset", .failure(TransportError(.reset, requestSent: true, "reset")), .network),
            Unanswered("first byte", .failure(TransportError(.firstByteTimeout, requestSent: true, "slow")), .timeout),
            Unanswered(
                "no HTTP",
                .failure(TransportError(.malformed, requestSent: true, "garbage")),
                .malformedResponse
            ),
            Unanswered(
                "too long",
                .failure(TransportError(.answerTooLarge, requestSent: true, "long")),
                .malformedResponse
            ),
            Unanswered(
                "a page",
                .answer(headers: [HeaderField("content-type", "text/html")], "<html>"),
                .malformedResponse
            ),
            Unanswered("nothing", .answer(""), .malformedResponse),
            Unanswered("no content", .answer(status: 204, headers: [], ""), .malformedResponse),
            Unanswered("408", Rig.refusal(408), .timeout), Unanswered("504", Rig.refusal(504), .timeout),
            Unanswered("524", Rig.refusal(524), .timeout),
        ]

        private init(_ name: String, _ script: ReplayScript, _ errorClass: ErrorClass) {
            testDescription = name
            self.script = script
            self.errorClass = errorClass
        }
    }
}

extension Rig {
    /// Returns when the first row rests and no call is under way on it.
    fileprivate func atRest() async throws {
        while true {
            let row = engine.rows.first
            if row?.models.first?.restsUntil.map({ $0 > clock.timestamp }) == true, row?.running == 0 { return }
            try await Task.sleep(for: .zero)
        }
    }
}
