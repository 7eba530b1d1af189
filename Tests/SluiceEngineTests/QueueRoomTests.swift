import SluiceRig
import SluiceStore
import SluiceTypes
import Testing

@testable import SluiceEngine

/// Who may let how much wait.
@Suite("The room of a queue", .timeLimit(.minutes(1)))
struct QueueRoomTests {
    private static let ada = OwnerID(rawValue: "ada")
    private static let first = TokenID(rawValue: "aaaaaaaa")
    private static let second = TokenID(rawValue: "bbbbbbbb")

    private static func job(_ token: TokenID? = nil, bytes: Int = 10) async throws -> NewJob {
        var made: NewJob?
        try await Rig { _, _ in Rig.answer }.run { rig in made = rig.job("{}", of: ada) }
        var job = try #require(made)
        job.facts.token = token
        job.input = JobInput(body: Array(repeating: 32, count: bytes))
        return job
    }

    private static func limit(
        _ accounts: [String] = ["ada"],
        jobs: Int64? = nil,
        bytes: Int64? = nil,
        isToken: Bool = false,
        onTrial: Set<SpendingLimits.Kind> = []
    ) -> QueueRoom.Limit {
        QueueRoom.Limit(accounts: accounts, jobs: jobs, bytes: bytes, isToken: isToken, onTrial: onTrial)
    }

    @Test("counts what is stored, and what is on its way there")
    func counted() async throws {
        let room = QueueRoom()
        let job = try await Self.job()
        let limit = Self.limit(jobs: 3)
        room.load(["ada": QueueSize(jobs: 1, bytes: 10), "bob": QueueSize(jobs: 99, bytes: 99)])
        #expect(room.enter(job, [limit]).refusal == nil)
        #expect(room.enter(job, [limit]).refusal == nil)
        let refusal = try #require(room.enter(job, [limit]).refusal)
        #expect(refusal.reason == .queueFull && !refusal.isFinal)
        #expect(refusal.wait == .seconds(60))
        #expect(refusal.limit == "3 queued jobs")
        // One is stored, and one came to nothing.
        room.note(["ada": QueueSize(jobs: 2, bytes: 20)])
        room.leave(job)
        #expect(room.enter(job, [limit]).refusal != nil)
        room.leave(job)
        #expect(room.enter(job, [limit]).refusal == nil)
        room.leave(job)
        room.note(["ada": QueueSize()])
        for _ in 1...3 { #expect(room.enter(job, [limit]).refusal == nil) }
    }

    @Test("counts bytes, and says of what is larger than all of it that it never passes")
    func bytes() async throws {
        let room = QueueRoom()
        let limit = Self.limit(bytes: 25)
        #expect(room.enter(try await Self.job(bytes: 20), [limit]).refusal == nil)
        let full = try #require(room.enter(try await Self.job(bytes: 6), [limit]).refusal)
        #expect(full.reason == .queueFull)
        #expect(full.need == "6 bytes")
        let never = try #require(room.enter(try await Self.job(bytes: 26), [limit]).refusal)
        #expect(never.reason == .never(.queuedBytes) && never.isFinal)
        #expect(room.enter(try await Self.job(bytes: 5), [limit]).refusal == nil)
        #expect(room.enter(try await Self.job(), [Self.limit(jobs: 0)]).refusal?.reason == .never(.queued))
    }

    @Test("of a token is that of all who share its limits, within its owner's")
    func tokens() async throws {
        let room = QueueRoom()
        let narrow = Self.limit([Self.first.rawValue, Self.second.rawValue], jobs: 2, isToken: true)
        let wide = Self.limit(jobs: 3)
        #expect(room.enter(try await Self.job(Self.first), [wide, narrow]).refusal == nil)
        #expect(room.enter(try await Self.job(Self.second), [wide, narrow]).refusal == nil)
        #expect(room.enter(try await Self.job(Self.second), [wide, narrow]).refusal?.isToken == true)
        #expect(room.enter(try await Self.job(), [wide]).refusal == nil)
        #expect(room.enter(try await Self.job(Self.first), [wide, narrow]).refusal?.isToken == false)
    }

    @Test("that is only tried refuses nobody, and is told of")
    func trial() async throws {
        let room = QueueRoom()
        let limit = Self.limit(jobs: 0, onTrial: [.queued])
        let (refusal, tried) = room.enter(try await Self.job(), [limit])
        #expect(refusal == nil)
        #expect(tried.map(\.1) == [.queued])
    }

    @Test("is a million jobs of anybody of whom nothing is said, as the owner's limits say else, and a token's besides")
    func usual() async throws {
        try await Rig { _, _ in Rig.answer }.run { rig in
            let treasury = rig.engine.treasury
            #expect(treasury.queueLimits(Rig.owner, nil).map(\.jobs) == [1_000_000])
            #expect(treasury.queueLimits(Rig.owner, nil).map(\.bytes) == [8 << 30])
            let entry = AuditEntry(at: .now(), actor: "test", action: "limits.set", subject: "", result: "")
            try await rig.engine.setLimits(
                of: .owner(Rig.owner),
                to: SpendingLimits(requestsPerMinute: 5, queued: 7),
                audit: entry
            )
            try await rig.engine.setLimits(of: .token(Self.first), to: SpendingLimits(queuedBytes: 9), audit: entry)
            let limits = treasury.queueLimits(Rig.owner, Self.first)
            #expect(limits.map(\.jobs) == [nil, 7, nil])
            #expect(limits.map(\.bytes) == [8 << 30, nil, 9])
            #expect(limits.map(\.isToken) == [false, false, true])
            // What is only tried takes nothing of what holds of everybody.
            try await rig.engine.setLimits(
                of: .owner(Rig.owner),
                to: SpendingLimits(queued: 7, queuedBytes: 5, onTrial: [.queued]),
                audit: entry
            )
            let tried = treasury.queueLimits(Rig.owner, nil)
            #expect(tried.map(\.jobs) == [1_000_000, 7])
            #expect(tried.map(\.bytes) == [nil, 5])
            let (refusal, kinds) = QueueRoom().enter(try await Self.job(bytes: 9), tried)
            #expect(refusal?.reason == .never(.queuedBytes))
            #expect(kinds.isEmpty)
        }
    }
}
