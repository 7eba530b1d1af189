/// Tells everything that happens to whoever observes.
package final class Observation: Sendable {
    private let observers: [any Observer]
    /// The streams that are being told.
    package let streams = StreamTally()
    /// Whether anybody records traces.
    package let wantsSpans: Bool

    package init(_ observers: [any Observer] = [], wantsSpans: Bool = false) {
        self.observers = observers
        self.wantsSpans = wantsSpans
    }

    package func note(_ observed: Observed) {
        for observer in observers { observer.note(observed) }
    }
}
