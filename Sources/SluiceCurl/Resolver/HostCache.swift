import SluiceTypes

/// The addresses of hosts for a minute, and who waits for a look-up that is under way.
///
/// It decides and does nothing: the loop asks it, starts the look-ups it names and reports their outcomes. There is at
/// most one look-up per host at a time. Failures aren't kept.
struct HostCache {
    /// What a call has to do.
    enum Action: Hashable {
        /// Go on with these addresses.
        case use([IPAddress])
        /// Start a look-up, then wait.
        case lookUp
        /// Wait for the look-up that is under way.
        case wait
    }

    private enum Entry {
        case asked(waiters: [UInt64])
        case known([IPAddress], until: UInt64)
    }

    /// How long addresses are used, in nanoseconds.
    static let lifetime: UInt64 = 60_000_000_000

    private var entries: [String: Entry] = [:]

    /// What `waiter`, which needs `host`, has to do at `now`.
    mutating func ask(_ host: String, for waiter: UInt64, now: UInt64) -> Action {
        switch entries[host] {
        case .known(let addresses, let until) where now < until:
            return .use(addresses)
        case .asked(let waiters):
            entries[host] = .asked(waiters: waiters + [waiter])
            return .wait
        case .known, nil:
            forgetExpired(now: now)
            entries[host] = .asked(waiters: [waiter])
            return .lookUp
        }
    }

    /// Takes a look-up's outcome and returns who waited for it, in the order in which they asked.
    mutating func answered(_ host: String, _ result: Result<[IPAddress], LookupFailure>, now: UInt64) -> [UInt64] {
        guard case .asked(let waiters) = entries[host] else { return [] }
        switch result {
        case .success(let addresses):
            entries[host] = .known(addresses, until: now + HostCache.lifetime)
        case .failure:
            entries[host] = nil
        }
        return waiters
    }

    private mutating func forgetExpired(now: UInt64) {
        entries = entries.filter { _, entry in
            guard case .known(_, let until) = entry else { return true }
            return now < until
        }
    }
}
