import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("What is held in memory", .timeLimit(.minutes(1)))
struct HeldMemoryTests {
    @Test("refuses new ones while running ones take it, and has room again when they have ended")
    func roomAgain() async throws {
        var settings = EngineSettings(backoff: .zero)
        settings.memory = 4_000
        let long = String(repeating: "x", count: 2_000)
        try await Rig(settings: settings) { _, _ in Rig.stream([long], isHeld: true) }.run { rig in
            #expect(rig.engine.memory.hasRoom)
            let id = try await rig.submitStream()
            try await rig.transport.waitForCalls(1)
            rig.transport.release(1)
            _ = try await rig.follow(id) { $0.text == long }
            #expect(!rig.engine.memory.hasRoom)
            // What runs goes on.
            rig.transport.release(1)
            #expect(try await rig.ended(id).state == .succeeded)
            while !rig.engine.memory.hasRoom {
                try Task.checkCancellation()
                await Task.yield()
            }
            // A replay counts, for as long as somebody reads.
            try await rig.engine.follow(start(rig, id)) { follower in
                for _ in 0..<2 { _ = try await follower.next(within: .zero) }
                #expect(!rig.engine.memory.hasRoom)
            }
            while !rig.engine.memory.hasRoom {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
    }

    private func start(_ rig: Rig, _ id: JobID) async throws -> FollowStart {
        guard case .found(let start) = try await rig.engine.find(nil, in: id, owner: nil) else { throw Unexpected() }
        return start
    }
}
