/// Values by keys, of which the latest are remembered: a plain value that decides and does nothing.
struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    // What is not written again while as many others are goes with the older half.
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]
    private let most: Int

    /// Remembers `most` at most, and half of them at least.
    init(most: Int) {
        self.most = most
    }

    subscript(key: Key) -> Value? {
        get { young[key] ?? old[key] }
        set {
            old[key] = nil
            young[key] = newValue
            guard young.count >= most / 2 else { return }
            old = young
            young = [:]
        }
    }

    /// How many are remembered.
    var count: Int { young.count + old.count }
}
