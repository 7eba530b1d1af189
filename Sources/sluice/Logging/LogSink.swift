import Foundation
import Glibc
import Synchronization

/// Where log lines wait until they are written: nobody who logs waits for whoever reads the log.
///
/// One thread writes. What comes while more than ``limit`` bytes wait is dropped and counted, and the next line that is
/// written tells how many lines that were.
final class LogSink: Sendable {
    /// About four thousand lines.
    static let limit = 1 << 20
    /// What is said once whoever reads the log goes on.
    static let dropped = "lines of the log were dropped, since nobody read it"

    private struct State {
        var waiting: [UInt8] = []
        var dropped = 0
        var isWriting = false
        var hasThread = false
    }

    private let state = Mutex(State())
    private let bell = Bell()
    private let descriptor: Int32
    /// The line that tells of lines that were dropped.
    private let told: @Sendable (_ count: Int) -> [UInt8]

    init(descriptor: Int32 = STDERR_FILENO, told: @escaping @Sendable (_ count: Int) -> [UInt8]) {
        self.descriptor = descriptor
        self.told = told
    }

    /// Takes a whole line; returns at once.
    func write(_ line: [UInt8]) {
        let mustStart = state.withLock { state in
            guard state.waiting.count + line.count <= LogSink.limit else {
                state.dropped += 1
                return false
            }
            if state.dropped > 0 {
                state.waiting += told(state.dropped)
                state.dropped = 0
            }
            state.waiting += line
            defer { state.hasThread = true }
            return !state.hasThread
        }
        if mustStart { start() }
        bell.ring()
    }

    /// Waits until all that was taken is written, but not for longer than `patience`.
    func flush(within patience: Duration) {
        let end = ContinuousClock.now + patience
        while ContinuousClock.now < end, state.withLock({ $0.isWriting || !$0.waiting.isEmpty }) { usleep(1000) }
    }

    private func start() {
        let thread = Thread { self.run() }
        thread.name = "sluice-log"
        thread.start()
    }

    private func run() {
        while true {
            bell.wait()
            let lines = state.withLock { state in
                state.isWriting = !state.waiting.isEmpty
                defer { state.waiting = [] }
                return state.waiting
            }
            writeOut(lines)
            state.withLock { $0.isWriting = false }
        }
    }

    private func writeOut(_ lines: [UInt8]) {
        var rest = lines[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                var waiter = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&waiter, 1, -1)
            } else if errno != EINTR {
                // Nobody will ever read it.
                return
            }
        }
    }
}

/// A semaphore of the system, which counts no higher than one.
@safe
private final class Bell: @unchecked Sendable {
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func ring() {
        var value: Int32 = 0
        unsafe sem_getvalue(semaphore, &value)
        if value == 0 { unsafe sem_post(semaphore) }
    }

    func wait() {
        while unsafe sem_wait(semaphore) != 0 {}
    }
}
