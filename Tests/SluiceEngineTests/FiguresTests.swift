import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// What operators are told of how all stands.
@Suite("The figures of an engine", .timeLimit(.minutes(1)))
struct FiguresTests {
    /// The figures once they are so: what a commit has changed is told on the store's thread.
    private static func figures(_ rig: Rig, until condition: (Figures) -> Bool) async throws -> Figures {
        while true {
            let figures = await rig.engine.figures()
            if condition(figures) { return figures }
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    @Test("say that jobs wait for the end of a window, at which row and until when")
    func window() async throws {
        let rig = Rig { _, _ in Rig.refusal(429, headers: [HeaderField("retry-after", "600")]) }
        try await rig.run { rig in
            _ = try await rig.attempts(try await rig.submit()) { $0.first?.outcome == .deferred }
            for _ in 0..<2 { _ = try await rig.submit() }
            let figures = await rig.engine.figures()
            #expect(figures.waiting == [.window: 3])
            let group = try #require(figures.groups.first)
            #expect(figures.groups.count == 1 && group.queued == 3 && group.reason == .window)
            #expect(group.detail == "row up: the provider asked to wait")
            #expect(group.until == rig.clock.timestamp.adding(.seconds(600)))
            #expect(figures.rows.map(\.conditions) == [[.window]])
            #expect(figures.counts.byState == [.queued: 3])
        }
    }

    @Test("say that no row serves a model, that a job waits for its moment, and how long the first has been due")
    func rows() async throws {
        let rig = Rig()
        try await rig.run { rig in
            _ = try await rig.submit(runAt: .seconds(100))
            var figures = try await Self.figures(rig) { $0.waiting == [.pause: 1] }
            #expect(figures.groups.map(\.dueFor) == [nil])
            #expect(figures.groups.map(\.until) == [rig.clock.timestamp.adding(.seconds(100))])
            rig.engine.reload(Catalogue(rows: []))
            figures = try await Self.figures(rig) { $0.waiting == [.noRow: 1] }
            #expect(figures.groups.first?.detail?.contains("no provider row serves") == true)
            try await rig.advance(by: .seconds(130))
            figures = try await Self.figures(rig) { $0.groups.first?.dueFor != nil }
            #expect(figures.groups.map(\.dueFor) == [.seconds(30)])
        }
    }

    @Test("say that an owner's limits hold jobs up, and count each job once")
    func limits() async throws {
        let rig = Rig { _, _ in Rig.answer }
        try await rig.run { rig in
            let entry = AuditEntry(
                at: rig.engine.time.now(),
                actor: "test",
                action: "limits.set",
                subject: "",
                result: ""
            )
            try await rig.engine.setLimits(
                of: .owner(Rig.owner),
                to: SpendingLimits(requestsPerMinute: 1),
                audit: entry
            )
            for _ in 0..<4 { _ = try await rig.submit() }
            let figures = try await Self.figures(rig) {
                $0.waiting == [.limit: 3] && $0.counts.byState[.running] == nil
            }
            #expect(figures.counts.byState == [.queued: 3, .succeeded: 1])
        }
    }

    @Test("come to all who ask at the same moment")
    func together() async throws {
        let rig = Rig()
        try await rig.run { rig in
            _ = try await rig.submit(runAt: .seconds(1000))
            for _ in 0..<20 {
                try await rig.advance(by: .seconds(2))
                let waiting = await withTaskGroup(of: [WaitReason: Int].self) { group in
                    for _ in 0..<20 { group.addTask { await rig.engine.figures().waiting } }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(waiting == Array(repeating: [.pause: 1], count: 20))
            }
        }
    }

    @Test("say that the store is away, and what was known last")
    func storeAway() async throws {
        let rig = Rig()
        try await rig.run { rig in
            _ = try await rig.submit(runAt: .seconds(1000))
            _ = try await Self.figures(rig) { $0.waiting == [.pause: 1] && $0.storeTrouble == nil }
            rig.store.set(outage: .refusing(StoreError(.full, "the disk is full")))
            try await rig.advance(by: .seconds(2))
            let figures = try await Self.figures(rig) { $0.storeTrouble != nil }
            #expect(figures.storeTrouble == "the disk is full")
            #expect(figures.waiting == [.pause: 1])
            rig.store.set(outage: nil)
        }
    }
}
