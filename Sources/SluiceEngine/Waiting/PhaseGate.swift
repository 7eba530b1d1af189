/// Where the engine stands in its life.
///
/// It only moves forward.
enum Phase: Int, Comparable, Sendable {
    /// Orphans are being rescued.
    case starting
    /// Jobs are claimed.
    case serving
    /// A stop was asked for; everything goes on until the drain delay is over.
    case draining
    /// Nothing is claimed any more.
    case stopping

    static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
}

/// Holds the phase, and those who wait for one.
final class PhaseGate: Sendable {
    private let phase = Monitor(Phase.starting)

    var current: Phase { phase.read { $0 } }

    var isStopping: Bool { current >= .stopping }

    /// Moves on to `phase`; an earlier one than the current changes nothing.
    func advance(to next: Phase) {
        phase.change { $0 = max($0, next) }
    }

    /// Returns when `wanted` is reached, when the uptime reaches `end`, or when the task is cancelled.
    func wait(for wanted: Phase, until end: (uptime: Duration, time: EngineTime)? = nil) async {
        _ = await phase.wait(until: end) { $0 >= wanted ? true : nil }
    }
}
