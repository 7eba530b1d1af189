import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// What becomes of calls and jobs whose row an operator has paused.
@Suite("A paused row", .timeLimit(.minutes(1)))
struct PauseTests {
    @Test("is sent nothing of the queue, whose jobs say so and come when it is resumed")
    func queue() async throws {
        let rig = Rig { _, _ in Rig.answer }
        try await rig.run { rig in
            #expect(try await rig.engine.pause(row: "up", by: "operator:ada"))
            #expect(try await rig.engine.pause(row: "up", by: "operator:bob") == false)
            var ids: [JobID] = []
            for _ in 0..<3 { ids.append(try await rig.submit()) }
            let figures = await rig.engine.figures()
            #expect(figures.waiting == [.paused: 3])
            #expect(figures.rows.map(\.conditions) == [[.paused]])
            let job = try #require(try await rig.store.job(ids[0], owner: nil))
            let waiting = try #require(rig.engine.waiting(job))
            #expect(waiting.reason == "row up: the gateway's operator has paused it")
            #expect(waiting.forOperators.reason?.contains("it is paused since") == true)
            #expect(waiting.forOperators.reason?.contains("by operator:ada") == true)
            #expect(waiting.nextAttemptAt == nil)
            #expect(rig.transport.calls.isEmpty)
            #expect(try await rig.engine.resume(row: "up", by: "operator:ada"))
            #expect(try await rig.engine.resume(row: "up", by: "operator:ada") == false)
            for id in ids { #expect(try await rig.ended(id).state == .succeeded) }
        }
    }

    @Test("costs jobs no patience, however long; a caller's deadline goes on")
    func patience() async throws {
        var settings = EngineSettings(backoff: .zero)
        settings.patience = .seconds(25)
        let rig = Rig(settings: settings) { _, _ in Rig.answer }
        try await rig.run { rig in
            _ = try await rig.engine.pause(row: "up", by: "operator")
            let (patient, hasty) = (try await rig.submit(), try await rig.submit(deadline: .seconds(40)))
            for _ in 0..<20 { try await rig.advance(by: .seconds(10)) }
            #expect(try await rig.ended(hasty).errorClass == .expired)
            #expect(try await rig.store.job(patient, owner: nil)?.state == .queued)
            _ = try await rig.engine.resume(row: "up", by: "operator")
            #expect(try await rig.ended(patient).state == .succeeded)
        }
    }

    @Test("lets what runs go on")
    func running() async throws {
        let rig = Rig { _, _ in Rig.answer.held }
        try await rig.run { rig in
            let id = try await rig.submit()
            try await rig.transport.waitForCalls(1)
            _ = try await rig.engine.pause(row: "up", by: "operator")
            #expect(rig.engine.rows.map(\.running) == [1])
            rig.transport.release(1)
            #expect(try await rig.ended(id).state == .succeeded)
        }
    }

    @Test("is passed over for another that serves the model")
    func others() async throws {
        let rig = Rig(rows: [Rig.row("first"), Rig.row("second", priority: 1)]) { _, _ in Rig.answer }
        try await rig.run { rig in
            _ = try await rig.engine.pause(row: "first", by: "operator")
            let id = try await rig.submit()
            #expect(try await rig.ended(id).state == .succeeded)
            #expect(try await rig.store.attempts(id, owner: nil)?.map(\.start.row) == ["second"])
        }
    }

    @Test("is waited for by what another row turns away")
    func turnedAway() async throws {
        let rows = [Rig.row("first"), Rig.row("second", priority: 1)]
        let rig = Rig(rows: rows) { call, _ in
            call.url.contains("second") ? Rig.refusal(404, code: "model_not_found") : Rig.answer
        }
        try await rig.run { rig in
            _ = try await rig.engine.pause(row: "first", by: "operator")
            let id = try await rig.submit()
            try await rig.transport.waitForCalls(1)
            _ = try await rig.engine.resume(row: "first", by: "operator")
            #expect(try await rig.ended(id).state == .succeeded)
            let attempts = try #require(try await rig.store.attempts(id, owner: nil))
            // How often it is asked meanwhile is its pauses' to say, which are none here.
            #expect(attempts.first?.start.row == "second" && attempts.last?.start.row == "first")
            #expect(attempts.dropLast().allSatisfy { $0.start.row == "second" })
        }
    }

    @Test("is paused still in another life, and with another file")
    func lives() async throws {
        let store = MemoryStore()
        let first = Rig(store: store)
        try await first.run { rig in
            _ = try await rig.engine.pause(row: "up", by: "operator")
            rig.engine.reload(Catalogue(rows: [Rig.row()]))
            #expect(rig.engine.rows.map { $0.pause?.actor } == ["operator"])
        }
        let second = Rig(store: store) { _, _ in Rig.answer }
        try await second.run { rig in
            let id = try await rig.submit()
            #expect(await rig.engine.figures().waiting == [.paused: 1])
            _ = try await rig.engine.resume(row: "up", by: "operator")
            #expect(try await rig.ended(id).state == .succeeded)
        }
    }
}
