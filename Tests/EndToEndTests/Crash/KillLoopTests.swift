import SluiceTesting
import Testing

/// Whether what was acknowledged survives, whenever the gateway is killed.
///
/// `SLUICE_CRASH_CYCLES` says how often that happens, `SLUICE_SEED` repeats a run's choices, `SLUICE_BINARY` names the
/// program, and `SLUICE_CRASH_REPORT` a file for the figures.
@Suite(.timeLimit(.minutes(600))) struct KillLoopTests {
    /// Kills of one directory: then everything is settled, counted, and begun anew, so that no run grows without bound.
    private static let cyclesOfRound = 100

    @Test func nothingThatWasAcknowledgedIsLostOrChanged() async throws {
        let cycles = SuiteSettings.size("SLUICE_CRASH_CYCLES", standard: 100)
        let seed = SuiteSettings.seed()
        print("kill loop: \(cycles) cycles, SLUICE_SEED=\(seed)")
        var total = CrashReport(seed: seed)
        while total.crashes < cycles {
            // Each round can be repeated by itself.
            let own = seed &+ UInt64(total.crashes / Self.cyclesOfRound)
            let report = try await CrashRound.play(seed: own, cycles: min(Self.cyclesOfRound, cycles - total.crashes))
            total.add(report)
            print(report.line)
        }
        print(total.line)
        try total.write()
        #expect(total.acknowledged > cycles, "hardly anything was acknowledged: nothing was shown")
    }
}
