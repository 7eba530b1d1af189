import Synchronization

/// The events of one call, for one reader, in order.
///
/// Unlike the standard library's streams, it does not end by itself when its reader's task is cancelled: the transport is
/// asked to give the call up, and its own last word, ``TransportError/Kind/cancelled`` with what had been sent by then,
/// is what the reader gets. Dropping it unread gives the call up too.
public struct TransportEvents: AsyncSequence, Sendable {
    private let channel: EventChannel
    private let reader: EventReader

    /// The transport's end of the events.
    public struct Continuation: Sendable {
        fileprivate let channel: EventChannel

        /// Hands the reader an event; after the end it is dropped.
        public func yield(_ event: TransportEvent) {
            channel.put([event])
        }

        /// Hands the reader events together, for which it is woken once; after the end they are dropped.
        public func yield(contentsOf events: [TransportEvent]) {
            channel.put(events)
        }

        /// Ends the events, after these last ones, with an error where one is given.
        ///
        /// Only the first end counts.
        public func finish(after events: [TransportEvent] = [], throwing error: TransportError? = nil) {
            channel.put(events, end: error.map { .failure($0) } ?? .success(nil))
        }
    }

    /// Reads the events one by one.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let channel: EventChannel
        private let reader: EventReader

        fileprivate init(_ channel: EventChannel, _ reader: EventReader) {
            self.channel = channel
            self.reader = reader
        }

        /// The next event; nil after the last.
        ///
        /// - Throws: ``TransportError``.
        public func next() async throws(TransportError) -> TransportEvent? {
            if let taken = channel.take() { return try taken.get() }
            return try await withTaskCancellationHandler { [channel] in
                await channel.next()
            } onCancel: { [channel] in
                channel.giveUp()
            }.get()
        }
    }

    /// Ends a reader's events for it, from wherever.
    public struct Conclusion: Sendable {
        fileprivate let channel: EventChannel

        /// See ``TransportEvents/conclude()``.
        public func conclude() {
            channel.conclude()
        }
    }

    /// The events and the end that the transport writes to.
    ///
    /// One of the two is called once, unless the transport has ended the events: `giveUp` when nobody wants the rest, since the
    /// reader's task was cancelled or the events were dropped before their end; `drain` when the reader has all it wants of a call
    /// that went well. Events that the transport goes on to write still reach a cancelled reader, up to the end.
    public static func make(
        giveUp: @escaping @Sendable () -> Void,
        drain: @escaping @Sendable () -> Void
    ) -> (TransportEvents, Continuation) {
        let channel = EventChannel(giveUp, drain)
        return (TransportEvents(channel: channel, reader: EventReader(channel)), Continuation(channel: channel))
    }

    /// Ends the events as if the answer had ended here, behind what has come: its reader has all it wants.
    ///
    /// What still comes, the transport takes off the connection, so that it serves again. Nothing happens where they have ended.
    public func conclude() {
        channel.conclude()
    }

    /// True when the reader need not wait for the next of them, or for their end.
    public var isReady: Bool { channel.isReady }

    /// What concludes them without reading them.
    public var conclusion: Conclusion { Conclusion(channel: channel) }

    /// Starts to read.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(channel, reader)
    }
}

/// Gives the call up when the last of those who could read it is gone.
private final class EventReader: Sendable {
    private let channel: EventChannel

    init(_ channel: EventChannel) {
        self.channel = channel
    }

    deinit {
        channel.giveUp()
    }
}

/// Events on their way from a transport's thread to a reader's task.
private final class EventChannel: Sendable {
    typealias Taken = Result<TransportEvent?, TransportError>

    private struct State {
        var events: [TransportEvent] = []
        /// How many of `events` have been taken.
        var taken = 0
        var end: Taken?
        var waiter: CheckedContinuation<Taken, Never>?
        var giveUp: (@Sendable () -> Void)?
        var drain: (@Sendable () -> Void)?

        mutating func take() -> Taken? {
            if taken < events.count {
                defer { taken += 1 }
                return .success(events[taken])
            }
            events.removeAll(keepingCapacity: true)
            taken = 0
            return end
        }
    }

    private let state: Mutex<State>

    init(_ giveUp: @escaping @Sendable () -> Void, _ drain: @escaping @Sendable () -> Void) {
        state = Mutex(State(giveUp: giveUp, drain: drain))
    }

    /// Adds events, and the end where there is one; the reader, if it waits, gets the first of them.
    func put(_ events: [TransportEvent], end: Taken? = nil) {
        let (waiter, taken) = state.withLock { state -> (CheckedContinuation<Taken, Never>?, Taken?) in
            guard state.end == nil else { return (nil, nil) }
            state.events += events
            state.end = end
            if end != nil { (state.giveUp, state.drain) = (nil, nil) }
            guard state.waiter != nil, let taken = state.take() else { return (nil, nil) }
            return (state.waiter.take(), taken)
        }
        if let taken { waiter?.resume(returning: taken) }
    }

    /// The next event, or the end, where it is there.
    func take() -> Taken? { state.withLock { $0.take() } }

    var isReady: Bool { state.withLock { $0.taken < $0.events.count || $0.end != nil } }

    func next() async -> Taken {
        await withCheckedContinuation { waiter in
            let ready: Taken? = state.withLock { state in
                if let taken = state.take() { return taken }
                state.waiter = waiter
                return nil
            }
            if let ready { waiter.resume(returning: ready) }
        }
    }

    func giveUp() {
        let giveUp = state.withLock { state in
            state.drain = nil
            return state.giveUp.take()
        }
        giveUp?()
    }

    func conclude() {
        guard let drain = state.withLock({ $0.drain.take() }) else { return }
        put([.end], end: .success(nil))
        drain()
    }
}
