import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceSQLite

/// `make power-test` runs the first of these at length.
@Suite("A power cut", .timeLimit(.minutes(60)))
struct PowerLossTests {
    @Test("loses and changes nothing that was acknowledged")
    func keepsWhatWasAcknowledged() async throws {
        let seed = SuiteSettings.seed()
        let report = try await PowerLossRun(seed: seed, cuts: SuiteSettings.size("SLUICE_POWER_CUTS", standard: 300))
            .run()
        print("seed \(seed): \(report.sentence)")
        #expect(
            report.losses.count == 0,
            "seed \(seed), \(report.sentence): \(report.losses.prefix(10).map(\.description))"
        )
        #expect(report.acknowledged > report.cuts)
    }

    #if DEBUG
    @Test(
        "is noticed where a commit is not flushed, or answered too early",
        arguments: [Promise.fullFlush, .commitBeforeAnswer]
    )
    func isNoticed(without left: Promise) async throws {
        var run = PowerLossRun(seed: SuiteSettings.seed(), cuts: 300)
        run.settings.leftOut = [left]
        run.stopsEarly = true
        let report = try await run.run()
        print("without \(left.rawValue): \(report.sentence): \(report.losses.first?.description ?? "")")
        #expect(!report.losses.isEmpty, "seed \(run.seed): nothing was lost without \(left)")
    }
    #endif
}
