import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Synchronization
import Testing

@testable import SluiceEngine

@Suite("A job's log", .timeLimit(.minutes(1)))
struct JobLogTests {
    private static func delta(_ length: Int) -> ReplyEvent {
        .text(String(repeating: "x", count: length))
    }

    @Test("is read in pieces of whole entries, and one that is longer than a piece comes alone")
    func pieces() {
        let log = JobLog(epoch: 1, keepsChunks: true)
        let lengths = [10, 40_000, 20_000, 200_000, 10, 10]
        log.append(lengths.map(Self.delta))
        log.close()
        var pieces: [[Int]] = []
        var position = 0
        while let piece = log.piece(from: position) {
            pieces.append(LogEntries(piece).map(\.payload.count))
            #expect(piece.start == max(position, LogFormat.start))
            #expect(Array(LogEntries(piece)).last?.end == piece.end)
            position = piece.end
        }
        #expect(pieces == [[10, 40_000, 20_000], [200_000], [10, 10]])
        #expect(position == log.count)
    }

    @Test("wakes a reader that waits, for more and for the end")
    func wakes() async {
        let log = JobLog(epoch: 1, keepsChunks: true)
        let pieces = Mutex<[LogPiece]>([])
        async let reader: Void = log.read { piece in
            guard let piece else { return false }
            let count = pieces.withLock { pieces in
                pieces.append(piece)
                return pieces.count
            }
            if count == 1 { log.append([Self.delta(2)]) } else { log.close() }
            return true
        }
        log.append([Self.delta(1)])
        await reader
        #expect(pieces.withLock { $0.map(\.bytes.count) } == [8, 9])
        #expect(pieces.withLock { $0.map(\.start) } == [1, 9])
    }

    @Test("tells its reader of each silence, and of none that a piece has broken")
    func silence() async throws {
        let clock = ManualClock()
        let time = EngineTime(now: { .now() }, clock: clock)
        let log = JobLog(epoch: 1, keepsChunks: true)
        let told = Mutex<[Int?]>([])
        let alarms = AlarmClock(time)
        async let reader: Void = log.read(silence: (.seconds(10), time, alarms)) { piece in
            told.withLock { $0.append(piece?.bytes.count) }
            return true
        }
        for _ in 0..<2 {
            try await clock.waitForSleepers(1)
            clock.advance(by: .seconds(6))
            log.append([Self.delta(1)])
            while told.withLock({ $0.last.flatMap(\.self) == nil }) { await Task.yield() }
            try await clock.waitForSleepers(1)
            clock.advance(by: .seconds(10))
            while told.withLock({ $0.last != .some(nil) }) { await Task.yield() }
        }
        log.close()
        await reader
        #expect(told.withLock { $0.map { $0 == nil } } == [false, true, false, true])
    }

    @Test("A silence is one of its reader's: what comes and is held back ends none", .timeLimit(.minutes(1)))
    func heldBack() async throws {
        let clock = ManualClock()
        let time = EngineTime(now: { .now() }, clock: clock)
        let log = JobLog(epoch: 1, keepsChunks: true)
        let told = Mutex<[Bool]>([])
        let alarms = AlarmClock(time)
        async let reader: Void = log.read(silence: (.seconds(10), time, alarms)) { piece in
            told.withLock { $0.append(piece != nil) }
            return piece == nil
        }
        // A piece each six seconds: never ten without one.
        for count in 1...4 {
            try await clock.waitForSleepers(1)
            log.append([Self.delta(1)])
            while told.withLock({ $0.count(where: \.self) }) < count { await Task.yield() }
            clock.advance(by: .seconds(6))
        }
        while told.withLock({ $0.count { !$0 } }) < 2 { await Task.yield() }
        log.close()
        await reader
    }

    @Test("lets a reader go whose task is cancelled")
    func cancelled() async {
        let log = JobLog(epoch: 1, keepsChunks: true)
        let reader = Task { await log.read { _ in true } }
        reader.cancel()
        await reader.value
        #expect(!log.isClosed)
    }

    @Test("tells when it is longer than somebody bears, and when that was not so until a moment")
    func wait() async throws {
        let clock = ManualClock()
        let time = EngineTime(now: { .now() }, clock: clock)
        let log = JobLog(epoch: 1, keepsChunks: true)
        async let waited: Void = log.wait(past: 10, until: .seconds(5), time)
        try await clock.waitForSleepers(1)
        log.append([Self.delta(1)])
        clock.advance(by: .seconds(5))
        await waited
        #expect(log.count == 9)
        async let again: Void = log.wait(past: 10, until: .seconds(50), time)
        try await clock.waitForSleepers(1)
        log.append([Self.delta(1)])
        await again
        #expect(clock.now.sinceStart == .seconds(5))
    }

    @Test("knows its positions")
    func positions() {
        let log = JobLog(epoch: 1, keepsChunks: true)
        log.append([Self.delta(3), .upstream(name: nil, [1, 2], .content)])
        let positions = (0...log.count + 1).filter { log.hasPosition($0) }
        #expect(positions == [0, 11, 20])
    }

    @Test("has no more entries where what was stored is torn")
    func torn() {
        let whole = JobLog(epoch: 1, keepsChunks: true)
        whole.append([Self.delta(3), Self.delta(4)])
        let torn = JobLog(epoch: 1, stored: Array(whole.bytes.dropLast()))
        #expect(torn.piece(from: 0) == nil)
        #expect(torn.piece(from: 100) == nil)
    }

    @Test("counts in the memory of all streams until it is dropped")
    func memory() {
        let memory = HeldMemory(limit: 20)
        var log: JobLog? = JobLog(epoch: 1, keepsChunks: true, memory: memory)
        log?.append([Self.delta(5)])
        #expect(memory.count == 13)
        #expect(memory.hasRoom)
        log?.append([Self.delta(5)])
        #expect(memory.count == 25)
        #expect(!memory.hasRoom)
        log = nil
        #expect(memory.count == 0)
        #expect(memory.hasRoom)
    }

    @Test("has a position's name that is read back, and no other", arguments: ["0.0", "1.0", "12.345"])
    func names(text: String) {
        #expect(LogPosition(text)?.description == text)
    }

    @Test(
        "has no position of any other name",
        arguments: [
            "", "1", ".", "1.", ".1", "1.2.3", "-1.0", "1.-1", "+1.0", "01.0", "1.00", "1 .0", "a.b", "1.0\n",
            "9223372036854775808.0", "1.9223372036854775808", "٣.1",
        ]
    )
    func noNames(text: String) {
        #expect(LogPosition(text) == nil)
    }
}
