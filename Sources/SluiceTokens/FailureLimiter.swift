import Synchronization

/// Slows down an address that fails to authenticate.
///
/// Ten failures are free, then one every six seconds. Only failures are ever counted or refused.
package final class FailureLimiter: Sendable {
    private struct Record {
        /// When the address will have all its free failures again.
        var settledAt: ContinuousClock.Instant
    }

    private let records = Mutex<[String: Record]>([:])
    private static let free = 10
    private static let recovery = Duration.seconds(6)
    private static let addresses = 10_000

    package init() {}

    /// Notes a failure of `address`; nil while it is within what is free, else how long to stay away.
    package func failed(_ address: String, at moment: ContinuousClock.Instant = .now) -> Duration? {
        records.withLock { records in
            if records.count >= FailureLimiter.addresses {
                records = records.filter { $0.value.settledAt > moment }
                if records.count >= FailureLimiter.addresses { records.removeAll(keepingCapacity: true) }
            }
            let settledAt = max(records[address]?.settledAt ?? moment, moment)
            let next = settledAt.advanced(by: FailureLimiter.recovery)
            let over = moment.duration(to: next) - FailureLimiter.recovery * FailureLimiter.free
            guard over > .zero else {
                records[address] = Record(settledAt: next)
                return nil
            }
            return over
        }
    }
}
