import Synchronization

/// A value behind a lock, and the tasks that wait until it is as they need it.
///
/// It is the one way in which anything here waits for a change in memory; what has to be asked of the store again is
/// waited for with a ``Doorbell`` alone. Whoever changes the value wakes those, and only those, who then find what they look for.
struct Monitor<Value: Sendable>: ~Copyable, Sendable {
    // Not private, nor is the next: the compiler (6.3) breaks on a private type in a generic one that can't be copied.
    struct Watcher {
        var bell: Doorbell
        /// Whether there is what it waits for.
        var isDue: @Sendable (Value) -> Bool
    }

    struct State {
        var value: Value
        var watchers: [ObjectIdentifier: Watcher] = [:]
    }

    private let state: Mutex<State>

    init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    /// Reads the value.
    func read<Answer: Sendable>(_ read: (Value) -> Answer) -> Answer {
        state.withLock { read($0.value) }
    }

    /// Changes the value, and wakes whom that concerns.
    func change<Answer: Sendable>(_ change: (inout Value) -> Answer) -> Answer {
        let (answer, due) = state.withLock { state in
            let answer = change(&state.value)
            guard !state.watchers.isEmpty else { return (answer, [Doorbell]()) }
            return (answer, state.watchers.values.filter { $0.isDue(state.value) }.map(\.bell))
        }
        // Outside the lock: who is woken may look at once.
        for bell in due { bell.ring() }
        return answer
    }

    /// What `look` finds, as soon as it finds something.
    ///
    /// Nil when `gone` fires before, when the uptime reaches `end`, and when the task is cancelled. What is there already
    /// is found whatever else has happened.
    func wait<Found: Sendable>(
        unless gone: Signal? = nil,
        until end: (uptime: Duration, time: EngineTime)? = nil,
        _ look: @escaping @Sendable (Value) -> Found?
    ) async -> Found? {
        if let found = read(look) { return found }
        let isDue = { @Sendable (value: Value) in look(value) != nil }
        return await watching(isDue, unless: gone) { bell in
            await wait(at: bell, unless: gone, until: end, look)
        }
    }

    /// Runs `body` with a bell that rings at every change behind which `isDue` holds, and when `gone` fires: for who waits
    /// again and again, by ``wait(at:unless:until:_:)``.
    func watching<Answer, Failure: Error>(
        _ isDue: @escaping @Sendable (Value) -> Bool,
        unless gone: Signal? = nil,
        _ body: (Doorbell) async throws(Failure) -> Answer
    ) async throws(Failure) -> Answer {
        let bell = Doorbell()
        watch(bell, isDue)
        defer { unwatch(bell) }
        return try await bell.ringing(at: gone) { () async throws(Failure) in try await body(bell) }
    }

    /// The same as ``wait(unless:until:_:)``, at a bell that ``watching(_:unless:_:)`` gave for the same `gone`.
    func wait<Found: Sendable>(
        at bell: Doorbell,
        unless gone: Signal? = nil,
        until end: (uptime: Duration, time: EngineTime)? = nil,
        _ look: (Value) -> Found?
    ) async -> Found? {
        while true {
            if let found = read(look) { return found }
            if Task.isCancelled || gone?.hasFired == true { return nil }
            guard let end else {
                await bell.wait()
                continue
            }
            if end.time.uptime() >= end.uptime { return nil }
            await bell.wait(until: end.uptime, end.time)
        }
    }

    /// From now on rings `bell` at every change behind which `isDue` holds; at once where it does already.
    func watch(_ bell: Doorbell, _ isDue: @escaping @Sendable (Value) -> Bool) {
        let isDueNow = state.withLock { state in
            state.watchers[ObjectIdentifier(bell)] = Watcher(bell: bell, isDue: isDue)
            return isDue(state.value)
        }
        if isDueNow { bell.ring() }
    }

    /// Forgets what ``watch(_:_:)`` began.
    func unwatch(_ bell: Doorbell) {
        state.withLock { _ = $0.watchers.removeValue(forKey: ObjectIdentifier(bell)) }
    }
}
