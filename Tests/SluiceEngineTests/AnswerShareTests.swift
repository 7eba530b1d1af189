import Synchronization
import Testing

@testable import SluiceEngine

@Suite("What a large answer holds")
struct AnswerShareTests {
    /// Room for two large answers of 100 KiB, counted four times; a third has to rest.
    private static let limit = 1200 << 10
    private static let large = 100 << 10

    private func called(_ share: AnswerShare) -> CallCount {
        let calls = CallCount()
        share.wait { calls.count.add(1, ordering: .sequentiallyConsistent) }
        return calls
    }

    @Test("lets a small answer in however much is held")
    func small() {
        let memory = HeldMemory(limit: 100)
        memory.add(1000)
        var share = AnswerShare(of: memory)
        let isTaken = share.take(AnswerShare.small)
        #expect(isTaken)
        #expect(memory.count == 1000 + AnswerShare.copies * AnswerShare.small)
        share.leave()
        #expect(memory.count == 1000)
    }

    @Test("has a large answer rest, and calls it when there is room")
    func rest() {
        let memory = HeldMemory(limit: Self.limit)
        var (first, second, third) = (AnswerShare(of: memory), AnswerShare(of: memory), AnswerShare(of: memory))
        let taken = [first.take(Self.large), second.take(Self.large), third.take(Self.large)]
        #expect(taken == [true, true, false])
        let calls = called(third)
        #expect(calls.now == 0)
        second.leave()
        #expect(calls.now == 1)
        let isTaken = third.take(Self.large)
        #expect(isTaken)
        first.leave()
        third.leave()
        #expect(memory.count == 0)
    }

    @Test("lets the oldest large answer go on beyond the limit")
    func oldest() {
        let memory = HeldMemory(limit: Self.limit)
        memory.add(Self.limit)
        var (first, second) = (AnswerShare(of: memory), AnswerShare(of: memory))
        let taken = [first.take(Self.large), first.take(Self.large), second.take(Self.large)]
        #expect(taken == [true, true, false])
        let calls = called(second)
        // It is the oldest now, though there is no room.
        first.leave()
        let isTaken = second.take(Self.large)
        #expect(calls.now == 1 && isTaken)
    }

    @Test("calls at once who waits though there is room by now")
    func late() {
        let memory = HeldMemory(limit: Self.limit)
        var (first, second) = (AnswerShare(of: memory), AnswerShare(of: memory))
        memory.add(Self.limit)
        let taken = [first.take(Self.large), second.take(Self.large)]
        #expect(taken == [true, false])
        memory.giveBack(Self.limit)
        #expect(called(second).now == 1)
    }

    @Test("calls nobody who has left")
    func left() {
        let memory = HeldMemory(limit: Self.limit)
        var (first, second) = (AnswerShare(of: memory), AnswerShare(of: memory))
        memory.add(Self.limit)
        let taken = [first.take(Self.large), second.take(Self.large)]
        #expect(taken == [true, false])
        let calls = called(second)
        second.leave()
        first.leave()
        memory.giveBack(Self.limit)
        #expect(calls.now == 0)
        #expect(memory.count == 0)
    }
}

/// A count that closures share.
private final class CallCount: Sendable {
    let count = Atomic<Int>(0)
    var now: Int { count.load(ordering: .sequentiallyConsistent) }
}
