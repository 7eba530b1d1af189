import Synchronization

/// A value that a test decides once it knows what to decide.
final class Mutexed<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) {
        state = Mutex(value)
    }

    var value: Value { state.withLock(\.self) }

    func set(_ value: Value) { state.withLock { $0 = value } }
}
