import Foundation
import SluiceStore
import SluiceTesting
import SluiceTypes
import Synchronization
import Testing

@testable import SluiceSQLite

/// One call to the disk fails, each in its turn, from the opening of the store to its end.
@Suite("A disk whose calls fail", .timeLimit(.minutes(10)))
struct DiskFaultTests {
    struct Case: CustomTestStringConvertible {
        var fault: Disk.Fault
        /// The calls after the first one fail too.
        var lasts: Bool

        var testDescription: String { "\(fault)\(lasts ? ", from that call on" : "")" }

        static let all = [
            Case(fault: .ioError, lasts: false), Case(fault: .ioError, lasts: true),
            Case(fault: .noSpace, lasts: false), Case(fault: .noSpace, lasts: true),
            Case(fault: .shortWrite, lasts: false), Case(fault: .failedFlush, lasts: false),
        ]
    }

    @Test("loses nothing that was acknowledged, whichever call it is", arguments: Case.all)
    func everyCall(_ situation: Case) async throws {
        let seed = SuiteSettings.seed()
        // Once without a fault, to know how many calls there are.
        let calls = try await DiskScript(situation, call: nil, seed: seed).run()
        #expect(calls > 5)
        await withTaskGroup(of: Void.self) { group in
            // Two at a time: they share nothing.
            for part in 0..<2 as Range<Int64> {
                group.addTask {
                    for call in stride(from: 1 + part, through: calls, by: 2) { await check(situation, call, seed) }
                }
            }
        }
        print("seed \(seed): \(situation.testDescription): \(calls) calls, each failed once")
    }

    private func check(_ situation: Case, _ call: Int64, _ seed: UInt64) async {
        let script = DiskScript(situation, call: call, seed: seed)
        let place = "seed \(seed), \(situation.testDescription), call \(call)"
        do {
            _ = try await script.run()
        } catch {
            Issue.record("\(place): \(error)")
        }
        #expect(script.losses.isEmpty, "\(place): \(script.losses.map(\.description))")
    }

    #if DEBUG
    /// After a failed flush the kernel shows bytes that the device does not have.
    @Test(
        "is noticed where the store goes on after a failed flush, or trusts the cache at its start",
        arguments: [Promise.stopAfterFailedFlush, .walWrittenAnew]
    )
    func isNoticed(without left: Promise) async throws {
        let situation = Case(fault: .failedFlush, lasts: false)
        var faults: [String] = []
        for seed in 1...20 as ClosedRange<UInt64> where faults.isEmpty {
            let calls = try await DiskScript(situation, call: nil, seed: seed).run()
            for call in 1...calls where faults.isEmpty {
                let script = DiskScript(situation, call: call, seed: seed)
                script.settings.leftOut = [left]
                do { _ = try await script.run() } catch { faults.append("\(error)") }
                faults += script.losses.map(\.description)
            }
        }
        #expect(!faults.isEmpty, "nothing was noticed without \(left)")
    }
    #endif
}
