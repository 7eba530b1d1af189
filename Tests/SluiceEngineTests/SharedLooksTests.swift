import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Synchronization
import Testing

@testable import SluiceEngine

@Suite("Those who wait for a job", .timeLimit(.minutes(1)))
struct SharedLooksTests {
    private let rig = Rig { _, _ in Rig.answer }
    private var clock: ManualClock { rig.clock }
    private var looks: SharedLooks {
        SharedLooks(store: rig.store, time: EngineTime(now: { [clock] in clock.timestamp }, clock: clock))
    }

    private var count: Int { rig.store.progressLooks.load(ordering: .relaxed) }

    private func queue() async throws -> JobID {
        guard case .created(let id) = try await rig.store.submit(rig.job("{}")) else { throw Unexpected() }
        return id
    }

    private func look(_ looks: SharedLooks, _ id: JobID, times: Int) async throws -> [JobState?] {
        try await withThrowingTaskGroup(of: JobState?.self) { group in
            for _ in 0..<times {
                group.addTask { try await looks.look(at: id, owner: Rig.owner, withLog: true)?.state }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("share one look a second, each job's owners for themselves")
    func shared() async throws {
        let looks = looks
        let id = try await queue()
        #expect(try await look(looks, id, times: 100) == Array(repeating: .queued, count: 100))
        #expect(count == 1)
        #expect(try await looks.look(at: id, owner: OwnerID(rawValue: "else"), withLog: true) == nil)
        #expect(count == 2)
        clock.advance(by: .milliseconds(999))
        _ = try await look(looks, id, times: 10)
        #expect(count == 2)
        clock.advance(by: .milliseconds(1))
        _ = try await look(looks, id, times: 10)
        #expect(count == 3)
    }

    @Test("see what has changed since, once they were told that something has")
    func changed() async throws {
        let looks = looks
        let id = try await queue()
        #expect(try await look(looks, id, times: 2) == [.queued, .queued])
        _ = try await rig.store.cancel(id, owner: nil, at: clock.timestamp, audit: nil)
        looks.forget(id)
        #expect(try await look(looks, id, times: 2) == [.cancelled, .cancelled])
    }
}
