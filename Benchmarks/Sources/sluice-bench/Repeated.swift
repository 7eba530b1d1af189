import BenchMachine
import Foundation
import Synchronization

/// Work that a thread of its own does over and over, beside what is measured.
final class Repeated: Sendable {
    private let isOver = Atomic(false)
    private let outcome = Mutex<(done: Int, fault: BenchFault?)?>(nil)

    /// Begins; `work` is done once at least.
    init(_ work: @escaping @Sendable () throws(BenchFault) -> Void) {
        Thread.detachNewThread { [self] in
            var done = 0
            var fault: BenchFault?
            repeat {
                do throws(BenchFault) { try work() } catch { fault = error }
                if fault == nil { done += 1 }
            } while fault == nil && !isOver.load(ordering: .acquiring)
            outcome.withLock { $0 = (done, fault) }
        }
    }

    /// Lets what is under way finish.
    ///
    /// - Returns: How often the work was done.
    /// - Throws: `BenchFault` that ended it.
    func end() throws(BenchFault) -> Int {
        isOver.store(true, ordering: .releasing)
        while true {
            if let outcome = outcome.withLock({ $0 }) {
                if let fault = outcome.fault { throw fault }
                return outcome.done
            }
            pause(milliseconds: 5)
        }
    }
}
