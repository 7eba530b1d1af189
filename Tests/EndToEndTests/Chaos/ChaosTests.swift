import Foundation
import SluiceTesting
import Testing

/// Whether callers are served, and nobody pays for another, while providers change their moods.
///
/// `SLUICE_CHAOS_SECONDS` says how long, `SLUICE_CHAOS_RUNS` how often, each time with the next seed; `SLUICE_SEED` repeats a
/// run's choices, `SLUICE_BINARY` names the program, and `SLUICE_WITHOUT` the guard that it does without.
@Suite(.timeLimit(.minutes(600))) struct ChaosTests {
    @Test func everyPromptComesToTheEndThatItsProvidersExplain() async throws {
        let seconds = SuiteSettings.size("SLUICE_CHAOS_SECONDS", standard: 35)
        let runs = SuiteSettings.size("SLUICE_CHAOS_RUNS", standard: 1)
        let seed = SuiteSettings.seed()
        print("chaos: \(runs) × \(seconds) s, SLUICE_SEED=\(seed)")
        for run in 0..<runs {
            let (verdict, report) = try await ChaosRun(seed: seed &+ UInt64(run), length: .seconds(seconds)).play()
            print("chaos: \(report.line)")
            for fault in verdict.faults.prefix(10) { print("chaos: \(fault)") }
            let faults = verdict.faults.count
            #expect(faults == 0)
            #expect(report.jobs > seconds && report.answers > seconds, "hardly anything was asked: nothing was shown")
            #expect(report.calls > seconds && report.errors > 0, "no provider was ever unwell: nothing was shown")
        }
    }
}
