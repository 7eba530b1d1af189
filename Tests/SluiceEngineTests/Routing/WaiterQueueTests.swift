import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("Calls that wait for a permit")
struct WaiterQueueTests {
    private static let (one, other) = (Pool([], line: 1), Pool([], line: 2))

    private static func wish(_ model: String, _ owner: OwnerID = .a) -> Wish {
        Wish(JobGroup(lane: .interactive, operation: .chat, route: model), owner: owner, isQueued: false)
    }

    /// Serves `count` of those whom `takes` lets through, in the order in which they are asked; returns their models.
    private static func serve(
        _ queue: inout WaiterQueue,
        _ count: Int,
        at uptime: Duration = .zero,
        asked: inout Int,
        _ takes: (Wish) -> WaiterQueue.Delay? = { _ in nil }
    ) -> [String] {
        var served: [String] = []
        queue.serve(at: uptime) { wish in
            asked += 1
            if let delay = takes(wish) { return .waits(delay) }
            guard served.count < count else { return .waits(.pool) }
            served.append(wish.key.route)
            return .answered(.full)
        }
        return served
    }

    @Test("are served in the order in which they came, over all lines, and nobody is asked in vain")
    func order() {
        var queue = WaiterQueue()
        var asked = 0
        for number in 0..<4000 {
            _ = queue.add(Self.wish("m\(number)"), number % 2 == 0 ? Self.one : Self.other, .pool, at: .zero)
        }
        same(Self.serve(&queue, 3, asked: &asked), ["m0", "m1", "m2"])
        // Each line's first is asked once more, and is told to wait.
        #expect(asked == 5)
        #expect(queue.count == 3997)
    }

    @Test("have their answer when they are taken out: whoever gives up then must find it")
    func answered() {
        var queue = WaiterQueue()
        var asked = 0
        let waiters = (1...3).map { queue.add(Self.wish("m\($0)"), Self.one, .pool, at: .zero) }
        _ = Self.serve(&queue, 2, asked: &asked)
        #expect(waiters.map { $0.answer.read { $0 != nil } } == [true, true, false])
        #expect(waiters.map { queue.remove($0) } == [false, false, true])
        #expect(queue.isEmpty)
        same(Self.serve(&queue, 9, asked: &asked), [])
    }

    @Test("stand apart while their model is shut, and hold up nobody behind them")
    func models() {
        var queue = WaiterQueue()
        var asked = 0
        for model in ["x", "x", "y", "x"] { _ = queue.add(Self.wish(model), Self.one, .pool, at: .zero) }
        let shut = { (wish: Wish) -> WaiterQueue.Delay? in
            wish.key.route == "x" ? .model(opensIn: .seconds(9), nil) : nil
        }
        same(Self.serve(&queue, 9, asked: &asked, shut), ["y"])
        asked = 0
        same(Self.serve(&queue, 9, at: .seconds(8), asked: &asked), [])
        #expect(asked == 0)
        same(Self.serve(&queue, 1, at: .seconds(9), asked: &asked), ["x"])
        // An answer opens it before its time.
        same(Self.serve(&queue, 9, at: .seconds(9), asked: &asked, shut), [])
        queue.noteOpened()
        same(Self.serve(&queue, 9, at: .seconds(10), asked: &asked), ["x", "x"])
    }

    @Test("stand apart while it is their owner who has no place, or for whom alone it is shut")
    func owners() {
        var queue = WaiterQueue()
        var asked = 0
        for owner in [OwnerID.a, .a, .b, .b] {
            _ = queue.add(Self.wish(owner.rawValue, owner), Self.one, .pool, at: .zero)
        }
        same(Self.serve(&queue, 9, asked: &asked) { $0.owner == .a ? .owner(.a) : nil }, ["b", "b"])
        same(Self.serve(&queue, 9, asked: &asked), [])
        queue.noteFree(.a)
        let scoped = { (wish: Wish) -> WaiterQueue.Delay? in .model(opensIn: .seconds(5), wish.owner) }
        same(Self.serve(&queue, 9, asked: &asked, scoped), [])
        same(Self.serve(&queue, 9, at: .seconds(5), asked: &asked), ["a", "a"])
    }

    @Test("leave nothing behind when they go, however many there are")
    func gone() {
        var queue = WaiterQueue()
        var asked = 0
        let waiters = (0..<1000).map { queue.add(Self.wish("m\($0)"), Self.one, .pool, at: .zero) }
        for waiter in waiters.dropLast() { same(queue.remove(waiter), true) }
        same(queue.remove(waiters[0]), false)
        #expect(queue.count == 1)
        same(Self.serve(&queue, 9, asked: &asked), ["m999"])
        #expect(asked == 1)
    }
}
