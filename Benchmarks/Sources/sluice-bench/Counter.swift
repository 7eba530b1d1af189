import BenchMachine
import Glibc

/// A way to count what a process does.
protocol Counter {
    /// What is counted, and by whom where that makes a difference.
    var unit: String { get }
    /// How much more than its threshold is let pass, as a share.
    var tolerance: Double { get }
    /// How many requests are counted together, the eighth of it of streams.
    var requests: Int { get }
    /// How the gateway has to be started.
    var setting: Gateway.Setting { get }

    /// Counts what the process does while `work` runs.
    func count(_ process: pid_t, _ work: () throws(BenchFault) -> Void) throws(BenchFault) -> Double
}
