import BenchMachine
import Glibc

/// Counts instructions outside the kernel by the processor's own counters.
struct PerfCounter: Counter {
    private let file: String
    private static let event = "instructions:u"

    let unit = "instructions (perf)"
    let tolerance = 0.1
    let requests = 400
    let setting = Gateway.Setting()

    /// Nil where perf is not installed, or the machine has no such counters.
    init?(_ workplace: Workplace) throws(BenchFault) {
        file = "\(workplace.path)/perf"
        guard Tools.exists(Tools.perf) else { return nil }
        let probe = try Child(Tools.perf, Self.arguments(file) + ["true"], output: "\(file).log", errors: "\(file).log")
        guard try probe.exitCode(within: 30) == 0, result() != nil else { return nil }
    }

    func count(_ process: pid_t, _ work: () throws(BenchFault) -> Void) throws(BenchFault) -> Double {
        let arguments = Self.arguments(file) + ["-p", "\(process)"]
        let perf = try Child(Tools.perf, arguments, output: "\(file).log", errors: "\(file).log")
        // It does not say when it has begun.
        pause(milliseconds: 500)
        try work()
        _ = kill(perf.process, SIGINT)
        _ = try perf.exitCode(within: 30)
        guard let result = result() else { throw BenchFault("perf counted nothing: \(text(of: "\(file).log"))") }
        return result
    }

    private static func arguments(_ file: String) -> [String] {
        ["stat", "-x,", "-e", event, "-o", file]
    }

    /// A line for each event, the figure first; it is no number where the event can't be counted.
    private func result() -> Double? {
        let lines = text(of: file).split(separator: "\n").filter { $0.contains(Self.event) }
        return lines.last?.split(separator: ",").first.flatMap { Double($0) }
    }
}
