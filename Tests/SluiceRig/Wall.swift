package import SluiceTesting
package import SluiceTypes
import Synchronization

/// A wall clock beside the manual one: the same, until it is set otherwise.
package final class Wall: Sendable {
    private let lead: Mutex<Duration>

    package init(ahead lead: Duration = .zero) {
        self.lead = Mutex(lead)
    }

    /// Sets the wall clock so far ahead of the manual one.
    package func set(ahead: Duration) {
        lead.withLock { $0 = ahead }
    }

    package func time(_ clock: ManualClock) -> Timestamp {
        clock.timestamp.adding(lead.withLock { $0 })
    }
}
