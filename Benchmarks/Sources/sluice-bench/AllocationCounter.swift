import BenchMachine
import Foundation
import Glibc

/// Counts calls of malloc, calloc, realloc and the like, by a preloaded library that keeps the sum in a file.
struct AllocationCounter: Counter {
    private let library: String
    private let file: String

    let unit = "allocations"
    let tolerance = 0.05
    let requests = 400

    /// Nil where the library was not built.
    init?(_ tools: Tools, _ workplace: Workplace) {
        guard Tools.exists(tools.counter) else { return nil }
        library = tools.counter
        file = "\(workplace.path)/allocations"
    }

    var setting: Gateway.Setting {
        var setting = Gateway.Setting()
        setting.variables = ["LD_PRELOAD=\(library)", "SLUICE_BENCH_ALLOCATIONS=\(file)"]
        return setting
    }

    func count(_ process: pid_t, _ work: () throws(BenchFault) -> Void) throws(BenchFault) -> Double {
        let before = try calls()
        try work()
        return Double(try calls() - before)
    }

    private func calls() throws(BenchFault) -> UInt64 {
        guard let bytes = FileManager.default.contents(atPath: file), bytes.count >= 8 else {
            throw BenchFault("The library that counts allocations was not loaded: there is no \(file).")
        }
        return bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
