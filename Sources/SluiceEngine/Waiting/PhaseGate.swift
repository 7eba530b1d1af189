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
