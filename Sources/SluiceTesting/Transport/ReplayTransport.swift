package import SluiceProvider
import Synchronization

/// A transport without a network: it plays an answer for each call and remembers the call.
///
/// Calls are numbered from 1 in the order in which they were sent. Nothing here takes time: what a script holds goes on
/// when a test says so.
package final class ReplayTransport: Transport {
    private struct Call {
        var outgoing: OutgoingCall
        var rest: ArraySlice<ReplayScript.Step>
        let continuation: AsyncThrowingStream<TransportEvent, any Error>.Continuation
        var isOpen = true
    }

    private let script: @Sendable (OutgoingCall, _ number: Int) -> ReplayScript
    private let state = Mutex<(calls: [Call], cancelled: [Int])>(([], []))
    private let sent = Tally()
    private let closed = Tally()

    /// Asks `script` for the answer to each call.
    package init(script: @escaping @Sendable (OutgoingCall, _ number: Int) -> ReplayScript) {
        self.script = script
    }

    /// Plays the scripts in order; calls past the last get a refusal.
    package convenience init(_ scripts: [ReplayScript]) {
        self.init { _, number in
            guard number <= scripts.count else {
                return .failure(TransportError(.refused, requestSent: false, "there is no script for call \(number)"))
            }
            return scripts[number - 1]
        }
    }

    /// What was sent so far.
    package var calls: [OutgoingCall] { state.withLock { $0.calls.map(\.outgoing) } }

    /// The numbers of the calls whose reader gave up before the end, in that order.
    package var cancelled: [Int] { state.withLock(\.cancelled) }

    /// Returns when `count` calls were sent, counted from the beginning.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    package func waitForCalls(_ count: Int) async throws {
        try await sent.wait(for: count)
    }

    /// Returns when `count` calls were given up, counted from the beginning.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    package func waitForCancellations(_ count: Int) async throws {
        try await closed.wait(for: count)
    }

    /// Lets a call go on past its hold; a call that does not exist, or has ended, is left alone.
    package func release(_ number: Int) {
        play(number)
    }

    /// Appends steps to an open call and lets it go on past its hold.
    package func play(_ number: Int, _ steps: ReplayScript.Step...) {
        state.withLock { state in
            guard state.calls.indices.contains(number - 1) else { return }
            state.calls[number - 1].rest += steps
        }
        play(number)
    }

    package func send(_ call: OutgoingCall) -> AsyncThrowingStream<TransportEvent, any Error> {
        let (stream, continuation) = AsyncThrowingStream<TransportEvent, any Error>.makeStream()
        let number = state.withLock { state in
            state.calls.append(Call(outgoing: call, rest: [], continuation: continuation))
            return state.calls.count
        }
        continuation.onTermination = { [weak self] reason in
            if case .cancelled = reason { self?.noteCancellation(number) }
        }
        let steps = script(call, number).steps
        state.withLock { $0.calls[number - 1].rest = steps[...] }
        play(number)
        sent.set { $0 += 1 }
        return stream
    }

    /// Plays up to the next hold.
    private func play(_ number: Int) {
        let turn = state.withLock { state -> (ArraySlice<ReplayScript.Step>, Call)? in
            guard state.calls.indices.contains(number - 1), state.calls[number - 1].isOpen else { return nil }
            let call = state.calls[number - 1]
            let steps = call.rest.prefix { !$0.isHold }
            state.calls[number - 1].rest = call.rest.dropFirst(steps.count + 1)
            if steps.contains(where: \.isLast) { state.calls[number - 1].isOpen = false }
            return (steps, call)
        }
        guard let (steps, call) = turn else { return }
        // Outside the lock: ending a stream calls its termination handler, which takes the lock.
        for step in steps { call.continuation.play(step) }
    }

    private func noteCancellation(_ number: Int) {
        let isNews = state.withLock { state in
            guard state.calls[number - 1].isOpen else { return false }
            state.calls[number - 1].isOpen = false
            state.cancelled.append(number)
            return true
        }
        if isNews { closed.set { $0 += 1 } }
    }
}

extension ReplayScript.Step {
    fileprivate var isHold: Bool {
        if case .hold = self { true } else { false }
    }

    fileprivate var isLast: Bool {
        switch self {
        case .event(.end), .fail: true
        case .event, .hold: false
        }
    }
}

extension AsyncThrowingStream<TransportEvent, any Error>.Continuation {
    fileprivate func play(_ step: ReplayScript.Step) {
        switch step {
        case .event(let event):
            yield(event)
            if event == .end { finish() }
        case .fail(let error): finish(throwing: error)
        case .hold: break
        }
    }
}
