import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// What those see who follow a job.
@Suite("Who follows a job", .timeLimit(.minutes(1)))
struct FollowerTests {
    private static let texts = ["one ", "two ", "three"]

    /// All that a follower of a stream of ``texts`` on epoch `epoch` is told from its beginning.
    private static func whole(_ texts: [String] = texts, epoch: Int64 = 1) -> [String] {
        let chunks = texts.flatMap { text in
            ["text \(text)", #"upstream {"id":"up-1","choices":[{"index":0,"delta":{"content":"\#(text)"}}]}"#]
        }
        let last = #"upstream {"id":"up-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
        return ["attempt \(epoch)", "start up-1"] + chunks + [last, "finish stop", "terminal [DONE]"]
    }

    @Test("is told of a chunk as soon as it comes, and of the end")
    func live() async throws {
        try await Rig { _, _ in Rig.stream(Self.texts, isHeld: true) }.run { rig in
            let id = try await rig.submitStream()
            try await rig.transport.waitForCalls(1)
            guard case .found(let start) = try await rig.engine.find(nil, in: id, owner: Rig.owner) else {
                throw Unexpected()
            }
            try await rig.engine.follow(start) { follower in
                var told = Told()
                for text in Self.texts {
                    rig.transport.release(1)
                    while !told.text.hasSuffix(text) {
                        told.add(try await follower.next(within: .seconds(1_000_000)), follower.position)
                    }
                }
                // Nothing more was sent yet.
                #expect(told.end.isEmpty)
                rig.transport.release(1)
                while told.end.isEmpty {
                    told.add(try await follower.next(within: .seconds(1_000_000)), follower.position)
                }
                #expect(told.lines == Self.whole())
                #expect(told.end == "end succeeded")
            }
        }
    }

    @Test("sees the same, whether it comes early, late, or after the end")
    func lateJoiners() async throws {
        try await Rig { _, _ in Rig.stream(Self.texts, isHeld: true) }.run { rig in
            let id = try await rig.submitStream()
            try await rig.transport.waitForCalls(1)
            let all = try await withThrowingTaskGroup(of: Told.self) { group in
                group.addTask { try await rig.follow(id) }
                for text in Self.texts {
                    rig.transport.release(1)
                    _ = try await rig.follow(id) { $0.text.hasSuffix(text) }
                    group.addTask { try await rig.follow(id) }
                }
                rig.transport.release(1)
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let after = try await rig.follow(id)
            #expect(after.lines == Self.whole())
            #expect(after.end == "end succeeded")
            #expect(all.count == 4)
            for told in all { #expect(told == after) }
        }
    }

    @Test("goes on behind any entry without a gap or a repetition, live, after the end, and after a restart")
    func resumes() async throws {
        let store = MemoryStore()
        let clock = ManualClock()
        let rig = Rig(store: store, clock: clock) { _, _ in Rig.stream(Self.texts, isHeld: true) }
        var known = Told()
        var job: JobID?
        try await rig.run { rig in
            let id = try await rig.submitStream()
            job = id
            try await rig.transport.waitForCalls(1)
            for _ in Self.texts { rig.transport.release(1) }
            let live = try await rig.follow(id) { $0.text.hasSuffix("three") }
            try await withThrowingTaskGroup(of: (Int, Told).self) { group in
                for (index, position) in live.positions.enumerated() {
                    group.addTask { (index, try await rig.follow(id, after: position)) }
                }
                rig.transport.release(1)
                known = try await rig.follow(id)
                for try await (index, told) in group {
                    #expect(told.lines == Array(known.lines[(index + 1)...]), "live, behind \(live.positions[index])")
                    #expect(told.end == "end succeeded")
                }
            }
            try await Self.expectEveryResume(rig, id, known)
        }
        #expect(known.lines == Self.whole())
        let id = try #require(job)
        try await Rig(store: store, clock: clock) { _, _ in Rig.answer }.run { rig in
            #expect(try await rig.follow(id) == known)
            try await Self.expectEveryResume(rig, id, known)
        }
    }

    private static func expectEveryResume(_ rig: Rig, _ id: JobID, _ known: Told) async throws {
        for (index, position) in known.positions.enumerated() {
            let told = try await rig.follow(id, after: position)
            #expect(told.lines == Array(known.lines[(index + 1)...]), "after the end, behind \(position)")
            #expect(told.end == known.end)
        }
    }

    @Test("is told that another version wrote the log, and not that there is nothing in it")
    func otherVersion() async throws {
        try await Rig { _, _ in Rig.answer }.run { rig in
            let job = rig.streamJob()
            let start = AttemptStart(row: "up", credential: nil, model: "m", configHash: "0", startedAt: job.createdAt)
            let boot = BootID(rawValue: "another")
            guard case .started(let claim) = try await rig.store.submitRunning(job, start: start, boot: boot) else {
                throw Unexpected()
            }
            let output = AttemptOutput(log: [0xFF, 1, 2, 3], text: "x", complete: true)
            let report = AttemptReport(endedAt: job.createdAt)
            let settled = await rig.store.succeed(
                claim,
                Success(report: report, output: output, body: [], finish: "stop")
            )
            guard case .settled(.succeeded, _) = settled else { throw Unexpected() }
            for position in [nil, LogPosition(epoch: 1, offset: 1)] {
                guard case .unreadable = try await rig.engine.find(position, in: job.id, owner: Rig.owner) else {
                    Issue.record("readable from \(String(describing: position))")
                    continue
                }
            }
        }
    }

    @Test("reads on while the log is handed over to the store, whenever it looks")
    func handover() async throws {
        try await Rig { _, _ in Rig.stream(Self.texts) }.run { rig in
            for _ in 0..<50 {
                let id = try await rig.submitStream()
                try await withThrowingTaskGroup(of: Told.self) { group in
                    for delay in 0..<8 {
                        group.addTask {
                            for _ in 0..<delay * 3 { await Task.yield() }
                            return try await rig.follow(id)
                        }
                    }
                    for try await told in group {
                        #expect(told.lines == Self.whole())
                        #expect(told.end == "end succeeded")
                    }
                }
            }
        }
    }

    @Test("goes from attempt to attempt, and is told what each one brought")
    func attempts() async throws {
        let rig = Rig { _, number in
            guard number == 1 else { return Rig.stream(["right"]) }
            let cut = ReplayScript.Step.fail(TransportError(.reset, requestSent: true, "cut"))
            return ReplayScript([Rig.streamHead, Rig.chunk("wrong"), .hold, cut])
        }
        try await rig.run { rig in
            let id = try await rig.submitStream()
            let first = try await rig.follow(id) { $0.text == "wrong" }
            async let all = rig.follow(id)
            rig.transport.release(1)
            let told = try await all
            #expect(told.end == "end succeeded")
            // Who looks late may have missed the first attempt, but never sees a mixture.
            let second = Self.whole(["right"], epoch: 2)
            #expect(told.lines == first.lines + second || told.lines == second)
            // A position in the old attempt leads to the new one's beginning.
            for position in first.positions {
                #expect(try await rig.follow(id, after: position).lines == second)
            }
        }
    }

    @Test("of a plain answer is told its text, its tokens and its finish")
    func plain() async throws {
        try await Rig(script: { _, _ in Rig.answer }).run { rig in
            let id = try await rig.submit()
            let expected = [
                "attempt 1", "start up-1", "text hi",
                #"usage {"promptTokens":3,"completionTokens":1,"totalTokens":4}"#, "finish stop",
            ]
            #expect(try await rig.follow(id).lines == expected)
            #expect(try await rig.follow(id).lines == expected)
        }
    }

    @Test("of a job that is cancelled is told what it had brought, and the end")
    func cancelled() async throws {
        try await Rig { _, _ in Rig.stream(Self.texts, isHeld: true) }.run { rig in
            let id = try await rig.submitStream()
            try await rig.transport.waitForCalls(1)
            rig.transport.release(1)
            let begun = try await rig.follow(id) { $0.text == "one " }
            async let follower = rig.follow(id)
            _ = try await rig.engine.cancel(id, owner: nil, audit: nil)
            let told = try await follower
            #expect(told.end == "end cancelled")
            #expect(told.lines == begun.lines)
            #expect(try await rig.follow(id) == told)
        }
    }

    @Test("of a job that never ran is told its end alone")
    func neverRan() async throws {
        let rig = Rig { _, _ in Rig.answer }
        let id = try await rig.submit()
        _ = try await rig.engine.cancel(id, owner: nil, audit: nil)
        #expect(try await rig.follow(id) == Told(lines: [], positions: [], end: "end cancelled"))
        #expect(try await rig.follow(id, after: .start).end == "end cancelled")
        guard case .noSuchPosition = try await rig.engine.find(LogPosition(epoch: 0, offset: 1), in: id, owner: nil)
        else {
            throw Unexpected()
        }
    }

    @Test("waits for a queued job, and is told of nothing when its patience is over")
    func queued() async throws {
        let rig = Rig { _, _ in Rig.answer }
        let id = try await rig.submit()
        guard case .found(let start) = try await rig.engine.find(nil, in: id, owner: Rig.owner) else {
            throw Unexpected()
        }
        try await rig.engine.follow(start) { follower in
            async let ticking: Void = tick(rig.clock, 15)
            guard case .nothing = try await follower.next(within: .seconds(15)) else { throw Unexpected() }
            try await ticking
            #expect(rig.clock.now.sinceStart == .seconds(15))
        }
    }

    /// Moves the clock by a second each time somebody sleeps.
    private func tick(_ clock: ManualClock, _ seconds: Int) async throws {
        for _ in 0..<seconds {
            try await clock.waitForSleepers(1)
            clock.advance(by: .seconds(1))
        }
    }

    @Test("of a job that another process runs is told once it is stored")
    func elsewhere() async throws {
        let store = MemoryStore()
        let clock = ManualClock()
        let other = Rig(store: store, clock: clock) { _, _ in Rig.answer }
        try await Rig(store: store, clock: clock) { _, _ in Rig.stream(Self.texts, isHeld: true) }.run { rig in
            let id = try await rig.submitStream()
            try await rig.transport.waitForCalls(1)
            async let told = other.follow(id)
            for _ in 0...Self.texts.count { rig.transport.release(1) }
            _ = try await rig.ended(id)
            // No bell rings in the other engine: it looks again after a second.
            let ticking = Task {
                while !Task.isCancelled {
                    clock.advance(by: .seconds(1))
                    await Task.yield()
                }
            }
            defer { ticking.cancel() }
            #expect(try await told.end == "end succeeded")
            #expect(try await told.lines == Self.whole())
        }
    }

    @Test("is let go by a stop, without an end, though its stream goes on")
    func stop() async throws {
        let rig = Rig { _, _ in Rig.stream(Self.texts, isHeld: true) }
        let running = Task { try await rig.engine.run() }
        let id = try await rig.submitStream()
        try await rig.transport.waitForCalls(1)
        rig.transport.release(1)
        let begun = try await rig.follow(id) { $0.text == "one " }
        async let follower = rig.follow(id, after: begun.positions.last)
        rig.engine.drain()
        #expect(try await follower == Told(lines: [], positions: [], end: "stopped"))
        for _ in Self.texts { rig.transport.release(1) }
        try await running.value
        #expect(try await rig.store.job(id, owner: nil)?.state == .succeeded)
        // What is stored can be read to its end by then.
        let rest = try await rig.follow(id, after: begun.positions.last)
        #expect(begun.lines + rest.lines == Self.whole())
        #expect(rest.end == "end succeeded")
    }

    @Test("is let go by a stop even while there is always more to tell")
    func stopOfABusyStream() async throws {
        let rig = Rig { _, _ in Rig.stream(Self.texts, isHeld: true) }
        let running = Task { try await rig.engine.run() }
        let id = try await rig.submitStream()
        try await rig.transport.waitForCalls(1)
        rig.transport.release(1)
        guard case .found(let start) = try await rig.engine.find(nil, in: id, owner: nil) else { throw Unexpected() }
        try await rig.engine.follow(start) { follower in
            var told = Told()
            while told.text != "one " { told.add(try await follower.next(within: .seconds(60)), follower.position) }
            rig.engine.drain()
            while told.end.isEmpty { told.add(try await follower.next(within: .seconds(60)), follower.position) }
            rig.transport.release(1)
            let log = try #require(follower.log)
            while log.count == follower.position.offset {
                try Task.checkCancellation()
                await Task.yield()
            }
            guard case .stopped = try await follower.next(within: .seconds(60)) else { throw Unexpected() }
        }
        for _ in Self.texts { rig.transport.release(1) }
        try await running.value
    }

    @Test("is let go when its task is cancelled", arguments: [true, false])
    func cancelledTask(isRunning: Bool) async throws {
        let rig = Rig(rows: isRunning ? [Rig.row()] : []) { _, _ in Rig.stream(Self.texts, isHeld: true) }
        try await rig.run { rig in
            let id = try await rig.submitStream()
            if isRunning {
                try await rig.transport.waitForCalls(1)
                rig.transport.release(1)
                _ = try await rig.follow(id) { $0.text == "one " }
            }
            guard case .found(let start) = try await rig.engine.find(nil, in: id, owner: nil) else {
                throw Unexpected()
            }
            let follower = Task {
                await rig.engine.follow(start) { follower in
                    while let next = try? await follower.next(within: .seconds(1_000_000)) {
                        if case .stopped = next { return true }
                    }
                    return false
                }
            }
            follower.cancel()
            #expect(await follower.value)
            _ = try await rig.engine.cancel(id, owner: nil, audit: nil)
        }
    }

    @Test("is one of a hundred, each told everything, while a slow one is not waited for")
    func hundred() async throws {
        let texts = (0..<40).map { "piece \($0) " }
        try await Rig { _, _ in Rig.stream(texts, isHeld: true) }.run { rig in
            let id = try await rig.submitStream()
            try await rig.transport.waitForCalls(1)
            guard case .found(let start) = try await rig.engine.find(nil, in: id, owner: Rig.owner) else {
                throw Unexpected()
            }
            try await rig.engine.follow(start) { slow in
                var slowly = Told()
                slowly.add(try await slow.next(within: .seconds(1_000_000)), slow.position)
                try await withThrowingTaskGroup(of: Told.self) { group in
                    for _ in 0..<100 { group.addTask { try await rig.follow(id) } }
                    for _ in 0...texts.count {
                        rig.transport.release(1)
                        await Task.yield()
                    }
                    for try await told in group {
                        #expect(told.lines == Self.whole(texts))
                        #expect(told.end == "end succeeded")
                    }
                }
                while slowly.end.isEmpty {
                    slowly.add(try await slow.next(within: .seconds(1_000_000)), slow.position)
                }
                #expect(slowly.lines == Self.whole(texts))
            }
        }
    }

    @Test("finds no position that is none, and another owner's job not at all")
    func noPlace() async throws {
        try await Rig { _, _ in Rig.stream(Self.texts) }.run { rig in
            let id = try await rig.submitStream()
            let told = try await rig.follow(id)
            let last = try #require(told.positions.last)
            let wrong = [
                LogPosition(epoch: 1, offset: last.offset + 1), LogPosition(epoch: 1, offset: 3),
                LogPosition(epoch: 2, offset: 0),
            ]
            for position in wrong {
                guard case .noSuchPosition = try await rig.engine.find(position, in: id, owner: Rig.owner) else {
                    Issue.record("\(position) was found")
                    continue
                }
            }
            let stranger = OwnerID(rawValue: "other")
            guard case .notFound = try await rig.engine.find(nil, in: id, owner: stranger) else { throw Unexpected() }
        }
    }

    @Test("whose attempt was lost in a crash waits for the next one")
    func lost() async throws {
        let store = MemoryStore()
        let clock = ManualClock()
        let dead = Rig(store: store, clock: clock) { _, _ in Rig.stream(Self.texts, isHeld: true) }
        // It is never stopped in order: a second life on the same store takes its job over.
        let life = Task { try await dead.engine.run() }
        let id = try await dead.submitStream()
        try await dead.transport.waitForCalls(1)
        dead.transport.release(1)
        let begun = try await dead.follow(id) { $0.text == "one " }
        try await Rig(store: store, clock: clock) { _, _ in Rig.stream(Self.texts) }.run { rig in
            let told = try await rig.follow(id, after: begun.positions.last)
            #expect(told.end == "end succeeded")
            #expect(told.lines == Self.whole(epoch: 3))
        }
        life.cancel()
        dead.engine.drain()
        for _ in Self.texts { dead.transport.release(1) }
        _ = try? await life.value
    }
}
