import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// One claim asks whoever may answer, once each and in order.
@Suite("A claim", .timeLimit(.minutes(1)))
struct RouteTests {
    private static let three = [Rig.row("a"), Rig.row("b", priority: 1), Rig.row("c", priority: 2)]

    @Test("goes from row to row until one answers, and that costs nothing", arguments: [true, false])
    func three(isQueued: Bool) async throws {
        try await Rig(rows: Self.three) { call, _ in
            call.url.contains("/c/") ? Rig.answer : Rig.refusal(500)
        }.run { rig in
            let job = try await rig.outcome(isQueued: isQueued)
            #expect((job.state, job.attempts, job.failures) == (.succeeded, 3, 0))
            let attempts = try #require(try await rig.store.attempts(job.id, owner: nil))
            #expect(attempts.map(\.start.row) == ["a", "b", "c"])
            #expect(attempts.map(\.outcome) == [.failed, .failed, .ok])
        }
    }

    @Test("counts one failure when nobody has answered, and the caller hears what was said of the request first")
    func nobody() async throws {
        let rig = Rig(rows: Self.three) { call, _ in
            call.url.contains("/b/") ? Rig.refusal(402, code: "too_dear") : Rig.refusal(500)
        }
        try await rig.run { rig in
            let job = try await rig.outcome(isQueued: true)
            #expect((job.state, job.failures, job.attempts) == (.dead, 2, 6))
            guard case .failed(let failure) = await (try rig.open()).end() else { throw Unexpected() }
            #expect((failure.errorClass, failure.code) == (.permission, "too_dear"))
        }
    }

    @Test("moves on to nobody behind what was refused for itself, or may have been paid", arguments: [400, 413, 504])
    func nobodyElse(status: Int) async throws {
        try await Rig(rows: Self.three) { _, _ in Rig.refusal(status) }.run { rig in
            guard case .failed = await (try rig.open()).end() else { throw Unexpected() }
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test("goes on to the fallbacks, each asked by its own name, and what is too large for one model to the next model")
    func fallbacks() async throws {
        let rows = [
            Rig.row("a", models: ["small"]), Rig.row("b", models: ["small"], priority: 1),
            Rig.row("c", models: ["large"]),
        ]
        try await Rig(rows: rows) { call, _ in
            call.url.contains("/c/") ? Rig.answer : Rig.refusal(400, code: "context_length_exceeded")
        }.run { rig in
            let job = try await rig.outcome(isQueued: true, model: "small", fallbacks: ["large"])
            #expect((job.state, job.attempts, job.model) == (.succeeded, 2, "small"))
            #expect(rig.transport.calls.map(\.url).allSatisfy { !$0.contains("/b/") })
            #expect(job.lastAttempt?.start.model == "large")
            let sent = String(decoding: try #require(rig.transport.calls.last).body, as: UTF8.self)
            #expect(sent.contains(#""model":"large""#))
        }
    }

    @Test("looks an alias up anew, so that a reload moves what waits")
    func reload() async throws {
        let rows = [Rig.row("a", models: ["x"], unavailable: "no key"), Rig.row("b", models: ["y"])]
        let rig = Rig(rows: rows, aliases: [ModelAlias(name: "fast", targets: [.init("x")])]) { _, _ in Rig.answer }
        try await rig.run { rig in
            let id = try await rig.submit(model: "fast")
            let job = try #require(try await rig.store.job(id, owner: nil))
            #expect(rig.engine.waiting(job)?.reason?.contains("row a") == true)
            let moved = ModelAlias(name: "fast", targets: [.init("y")])
            rig.engine.reload(Catalogue(rows: rows, aliases: [moved]))
            #expect(try await rig.ended(id).lastAttempt?.start.model == "y")
        }
    }

    @Test("of what names state goes to no other account, whatever it meets")
    func bound() async throws {
        let shared = StatePolicy(isShared: true)
        let rows = [
            Rig.row("a", priority: 1, statePolicy: shared), Rig.row("b", priority: 2, statePolicy: shared),
            Rig.row("c"),
        ]
        try await Rig(rows: rows) { _, _ in Rig.refusal(500) }.run { rig in
            let job = rig.job(#"{"type":"chat","model":"m","prompt":"hello"}"#, isBound: true)
            _ = try await rig.engine.submit(job)
            let ended = try await rig.ended(job.id)
            #expect((ended.state, ended.model) == (.dead, "m"))
            #expect(!rig.transport.calls.isEmpty && rig.transport.calls.allSatisfy { $0.url.contains("/a/") })
        }
    }

    @Test("of what names state waits where a reload leaves no account with one owner, and says so")
    func boundAndReloaded() async throws {
        let shared = Rig.row("a", statePolicy: StatePolicy(isShared: true))
        try await Rig(rows: [shared]) { _, _ in Rig.answer }.run { rig in
            let job = rig.job(#"{"type":"chat","model":"m","prompt":"hello"}"#, isBound: true, runAt: .seconds(60))
            _ = try await rig.engine.submit(job)
            rig.engine.reload(Catalogue(rows: [Rig.row("a")]))
            try await rig.advance(by: .seconds(60))
            let record = try #require(try await rig.store.job(job.id, owner: nil))
            let reason = try #require(rig.engine.waiting(record)?.reason)
            #expect(reason.contains("sharedState") && reason.contains("model m "), "\(reason)")
            // One that names nothing goes out meanwhile.
            #expect(try await rig.ended(rig.submit()).state == .succeeded)
            #expect(rig.transport.calls.count == 1)
            rig.engine.reload(Catalogue(rows: [shared]))
            #expect(try await rig.ended(job.id).state == .succeeded)
        }
    }

    @Test("leaves the jobs of others alone when one owner's fail, time out or are limited")
    func others() async throws {
        let poison = OwnerID(rawValue: "poison")
        let settings = EngineSettings(backoff: .milliseconds(1))
        let script = { @Sendable (call: OutgoingCall, number: Int) -> ReplayScript in
            guard String(decoding: call.body, as: UTF8.self).contains("poison") else { return Rig.answer }
            let lost = ReplayScript.failure(TransportError(.firstByteTimeout, requestSent: true, "slow"))
            return [Rig.refusal(500), lost, Rig.refusal(429)][number % 3]
        }
        try await Rig(settings: settings, script: script).run { rig in
            for _ in 1...60 {
                let job = rig.job(#"{"type":"chat","model":"m","prompt":"poison"}"#, of: poison)
                _ = try await rig.engine.submit(job)
            }
            for _ in 1...40 {
                let job = try await rig.ended(rig.submit())
                #expect((job.state, job.attempts, job.failures) == (.succeeded, 1, 0))
                guard case .succeeded = await (try rig.open()).end() else { throw Unexpected() }
            }
        }
    }

    @Test("does not forget an owner's jobs while those of others are not due for long")
    func delayed() async throws {
        let other = OwnerID(rawValue: "other")
        let script = { @Sendable (_: OutgoingCall, number: Int) -> ReplayScript in
            number == 1 ? Rig.refusal(429, headers: [HeaderField("retry-after", "3")]) : Rig.answer
        }
        // No sweep finds it meanwhile.
        let settings = EngineSettings(backoff: .zero, sweepInterval: .seconds(86_400))
        try await Rig(settings: settings, script: script).run { rig in
            let late = rig.job(#"{"type":"chat","model":"m","prompt":"hello"}"#, of: other, runAt: .seconds(3600))
            _ = try await rig.engine.submit(late)
            let id = try await rig.submit()
            _ = try await rig.attempts(id) { $0.first?.outcome == .deferred }
            try await rig.advance(by: .seconds(3))
            #expect(try await rig.ended(id).state == .succeeded)
            try await rig.advance(by: .seconds(3600))
            while try await rig.store.job(late.id, owner: nil)?.state != .succeeded { await Task.yield() }
        }
    }

    @Test("is repeated once where it may have been paid, and as often as it may fail for who says so and how often")
    func unknown() async throws {
        let lost = ReplayScript.failure(TransportError(.reset, requestSent: true, "the connection died"))
        try await Rig { _, _ in lost }.run { rig in
            for (policy, tries, calls) in [(OnUnknown.once, 4, 2), (.retry, 4, 4), (.deadLetter, 4, 1), (.once, 1, 1)] {
                let before = rig.transport.calls.count
                var job = rig.job(#"{"type":"chat","model":"m","prompt":"hello"}"#, onUnknown: policy)
                job.facts.terms.tries = tries
                _ = try await rig.engine.submit(job)
                let ended = try await rig.ended(job.id)
                #expect((ended.state, ended.possiblyCharged) == (.dead, true))
                #expect(rig.transport.calls.count - before == calls, "\(policy) \(tries)")
            }
        }
    }

    @Test("that meets a limit of its own ten times, though others are answered, is dead, and shuts nothing")
    func ownLimit() async throws {
        let other = OwnerID(rawValue: "other")
        let script = { @Sendable (call: OutgoingCall, _: Int) -> ReplayScript in
            String(decoding: call.body, as: UTF8.self).contains("greedy") ? Rig.refusal(429) : Rig.answer
        }
        try await Rig(script: script).run { rig in
            let id = try await rig.submit(#"{"type":"chat","model":"m","prompt":"greedy"}"#)
            for count in 1...11 {
                _ = try await rig.attempts(id) { $0.count { $0.outcome != nil } == count }
                guard count < 11 else { break }
                // Somebody else is answered meanwhile; the window that the first one began is of its owner alone.
                rig.clock.advance(by: .milliseconds(1))
                let job = rig.job(#"{"type":"chat","model":"m","prompt":"hello"}"#, of: other)
                _ = try await rig.engine.submit(job)
                while try await rig.store.job(job.id, owner: nil)?.state != .succeeded { await Task.yield() }
                try await rig.advance(by: .seconds(600))
            }
            let job = try await rig.ended(id)
            #expect((job.state, job.errorClass, job.failures) == (.dead, .rateLimit, 0))
            #expect(job.attempts == 11)
        }
    }
}

extension Rig {
    /// What a job, or a call, comes to.
    fileprivate func outcome(
        isQueued: Bool,
        model: String = "m",
        fallbacks: [String] = []
    ) async throws -> JobRecord {
        guard isQueued else {
            let call = try await open()
            _ = await call.end()
            return try await ended(call.id)
        }
        let job = job(
            #"{"type":"chat","model":"\#(model)","prompt":"hello"}"#,
            model: model,
            fallbacks: fallbacks
        )
        _ = try await engine.submit(job)
        return try await ended(job.id)
    }
}
