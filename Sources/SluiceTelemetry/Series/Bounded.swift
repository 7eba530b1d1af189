/// Values by keys, of which the first so many keep their places; all others share one.
struct Bounded<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let most: Int
    private let rest: Key
    private(set) var values: [Key: Value] = [:]
    /// How often something was added to the rest for want of a place.
    private(set) var refused = 0

    /// - Parameters:
    ///   - most: how many keys have a place.
    ///   - rest: the key of all others.
    init(_ most: Int, rest: Key) {
        self.most = most
        self.rest = rest
    }

    /// Changes the value of a key, or that of the rest; one that is new begins as `start`.
    mutating func change(_ key: Key, from start: @autoclosure () -> Value, _ body: (inout Value) -> Void) {
        var key = key
        if values[key] == nil, key != rest, values.count >= most {
            refused += 1
            key = rest
        }
        body(&values[key, default: start()])
    }
}

extension Bounded where Value: AdditiveArithmetic {
    mutating func add(_ value: Value, to key: Key) {
        change(key, from: .zero) { $0 += value }
    }
}
