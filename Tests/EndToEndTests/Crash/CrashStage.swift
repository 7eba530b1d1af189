import Foundation

/// The lives of the gateway, one after the other, and who waits for the next one.
///
/// Its calls block.
final class CrashStage: @unchecked Sendable {
    // Unchecked: the condition guards all that changes; a mutex could not be waited on.
    private let condition = NSCondition()
    private var life = 0
    private var isLast = false
    private var isClosed = false

    /// Another life serves; after the last one nobody is killed any more.
    func begin(isLast: Bool = false) {
        condition.withLock {
            life += 1
            self.isLast = isLast
            condition.broadcast()
        }
    }

    /// Nothing serves any more: whoever waits is let go.
    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }

    /// Whether clients should come to their end.
    var isOver: Bool { condition.withLock { isLast || isClosed } }

    /// The first life after the `broken` one, once it serves; nil when none comes.
    func life(after broken: Int) -> Int? {
        condition.withLock {
            while life <= broken {
                if isLast || isClosed { return nil }
                condition.wait()
            }
            return isClosed ? nil : life
        }
    }
}
