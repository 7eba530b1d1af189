/// What was asked lately, by its fingerprints: a plain value that decides and does nothing.
struct RecentBodies: Sendable {
    /// So many are remembered.
    static let most = 1024

    private var known: Set<[UInt8]> = []
    private var order: [[UInt8]] = []
    private var next = 0

    /// Remembers a call; true for one that was made before, word for word.
    mutating func note(_ fingerprint: [UInt8]) -> Bool {
        guard known.insert(fingerprint).inserted else { return true }
        if order.count < RecentBodies.most {
            order.append(fingerprint)
        } else {
            known.remove(order[next])
            order[next] = fingerprint
            next = (next + 1) % RecentBodies.most
        }
        return false
    }
}
