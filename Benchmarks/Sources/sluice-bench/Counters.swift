import BenchMachine

/// What can be counted on this machine.
enum Counters {
    /// All of it; the report is told what can't be.
    static func available(
        _ plan: Plan,
        _ workplace: Workplace,
        _ report: inout Report
    ) throws(BenchFault) -> [any Counter] {
        let tools = Tools(plan)
        var counters: [any Counter] = []
        if let allocations = AllocationCounter(tools, workplace) {
            counters.append(allocations)
        } else {
            report.skip("allocations of a request: there is no \(tools.counter)")
        }
        if let instructions = try instructions(plan, workplace) {
            counters.append(instructions)
        } else {
            report.skip(missing)
        }
        return counters
    }

    /// By the processor where it can, else by callgrind; nil where there is neither.
    static func instructions(_ plan: Plan, _ workplace: Workplace) throws(BenchFault) -> (any Counter)? {
        if let perf = try PerfCounter(workplace) { return perf }
        return try CallgrindCounter(Tools(plan), workplace)
    }

    /// What the report says where instructions can't be counted.
    static let missing = "instructions of a request: there are neither perf and hardware counters, nor valgrind"
}
