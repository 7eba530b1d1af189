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
        let continuation: TransportEvents.Continuation
        var isSent = true
        var isOpen = true
    }

    private let script: @Sendable (OutgoingCall, _ number: Int) -> ReplayScript
    private let state = Mutex<(calls: [Int: Call], cancelled: [Int], concluded: [Int])>(([:], [], []))
    private let numbers = Atomic<Int>(0)
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
    package var calls: [OutgoingCall] {
        state.withLock { state in state.calls.sorted { $0.key < $1.key }.map(\.value.outgoing) }
    }

    /// The numbers of the calls whose reader gave up before the end, in that order.
    package var cancelled: [Int] { state.withLock(\.cancelled) }

    /// The numbers of the calls whose reader had all it wanted before the end, in that order.
    package var concluded: [Int] { state.withLock(\.concluded) }

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
            state.calls[number]?.rest += steps
        }
        play(number)
    }

    package func send(_ call: OutgoingCall) -> TransportEvents {
        let number = numbers.add(1, ordering: .relaxed).newValue
        let (events, continuation) = TransportEvents.make(
            giveUp: { [weak self] in self?.noteCancellation(number) },
            drain: { [weak self] in self?.noteConclusion(number) }
        )
        let script = script(call, number)
        // Kept without what would be held with it for as long as the test lasts.
        var kept = call
        kept.room = nil
        state.withLock { state in
            let call = Call(outgoing: kept, rest: script.steps[...], continuation: continuation, isSent: script.isSent)
            state.calls[number] = call
        }
        play(number)
        sent.set { $0 += 1 }
        return events
    }

    /// Plays up to the next hold.
    private func play(_ number: Int) {
        let turn = state.withLock { state -> (ArraySlice<ReplayScript.Step>, Call)? in
            guard let call = state.calls[number], call.isOpen else { return nil }
            let steps = call.rest.prefix { !$0.isHold }
            state.calls[number]?.rest = call.rest.dropFirst(steps.count + 1)
            if steps.contains(where: \.isLast) { state.calls[number]?.isOpen = false }
            return (steps, call)
        }
        guard let (steps, call) = turn else { return }
        for step in steps { call.continuation.play(step) }
    }

    private func noteConclusion(_ number: Int) {
        state.withLock { state in
            state.calls[number]?.isOpen = false
            state.concluded.append(number)
        }
    }

    private func noteCancellation(_ number: Int) {
        let given = state.withLock { state -> Call? in
            guard let call = state.calls[number], call.isOpen else { return nil }
            state.calls[number]?.isOpen = false
            state.cancelled.append(number)
            return call
        }
        guard let given else { return }
        given.continuation.finish(throwing: TransportError(.cancelled, requestSent: given.isSent, "given up"))
        closed.set { $0 += 1 }
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

extension TransportEvents.Continuation {
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
