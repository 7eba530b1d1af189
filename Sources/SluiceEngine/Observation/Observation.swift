/// Tells everything that happens to whoever observes.
package final class Observation: Sendable {
    private let observers: [any Observer]
    /// The streams that are being told.
    package let streams = StreamTally()

    package init(_ observers: [any Observer] = []) {
        self.observers = observers
    }

    package func note(_ observed: Observed) {
        for observer in observers { observer.note(observed) }
    }
}
