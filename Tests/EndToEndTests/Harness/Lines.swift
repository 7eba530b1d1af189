import Foundation
import Synchronization

/// The lines that a process writes to a pipe, as they come.
final class Lines: Sendable {
    private struct State {
        var lines: [String] = []
        var ended = false
        var waiters: [(isMet: @Sendable ([String]) -> String?, resume: @Sendable (String?) -> Void)] = []
    }

    private let state = Mutex(State())

    /// All lines so far.
    var all: [String] { state.withLock { $0.lines } }

    /// All lines so far, as one text.
    var text: String { all.joined(separator: "\n") }

    /// Reads `handle` on a thread of its own until its end.
    func read(_ handle: FileHandle) {
        Thread.detachNewThread { [self] in
            var rest: [UInt8] = []
            while true {
                let data = handle.availableData
                if data.isEmpty { break }
                rest += data
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    add(String(decoding: rest[..<end], as: UTF8.self))
                    rest.removeFirst(end + 1)
                }
            }
            if !rest.isEmpty { add(String(decoding: rest, as: UTF8.self)) }
            finish()
        }
    }

    /// The first line that holds `part`, when it has come; nil when the pipe ended without one.
    func first(holding part: String) async -> String? {
        await wait { lines in lines.first { $0.contains(part) } }
    }

    /// Returns when the pipe has ended.
    func end() async {
        _ = await wait { _ in nil }
    }

    private func wait(_ isMet: @escaping @Sendable ([String]) -> String?) async -> String? {
        await withCheckedContinuation { continuation in
            let now: String?? = state.withLock { state in
                if let line = isMet(state.lines) { return .some(line) }
                if state.ended { return .some(nil) }
                state.waiters.append((isMet, { continuation.resume(returning: $0) }))
                return nil
            }
            if let now { continuation.resume(returning: now) }
        }
    }

    private func add(_ line: String) {
        let ready = state.withLock { state in
            state.lines.append(line)
            var ready: [@Sendable () -> Void] = []
            state.waiters.removeAll { [lines = state.lines] waiter in
                guard let found = waiter.isMet(lines) else { return false }
                ready.append { waiter.resume(found) }
                return true
            }
            return ready
        }
        for resume in ready { resume() }
    }

    private func finish() {
        let waiters = state.withLock { state in
            state.ended = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(nil) }
    }
}
