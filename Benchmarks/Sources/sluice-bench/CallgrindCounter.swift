import BenchMachine
import Foundation
import Glibc

/// Counts instructions outside the kernel on a simulated processor, where there are no hardware counters to ask.
///
/// It runs one thread at a time, so that waiting for a lock costs less than it does outside; compare its figures with each
/// other only.
struct CallgrindCounter: Counter {
    private let tools: Tools
    private let directory: String

    let unit = "instructions (callgrind)"
    let tolerance = 0.1
    /// A simulated processor is a hundred times slower.
    let requests = 96

    /// Nil where valgrind is not installed.
    init?(_ tools: Tools, _ workplace: Workplace) throws(BenchFault) {
        let needed = [Tools.valgrind, Tools.control, tools.sigsuspend]
        guard needed.allSatisfy(Tools.exists) else { return nil }
        self.tools = tools
        directory = try workplace.directory("callgrind")
    }

    var setting: Gateway.Setting {
        var setting = Gateway.Setting()
        setting.server = tools.server
        setting.variables = ["LD_PRELOAD=\(tools.sigsuspend)"]
        setting.wrapper = [Tools.valgrind, "--tool=callgrind", "--callgrind-out-file=\(directory)/%p", "--"]
        return setting
    }

    func count(_ process: pid_t, _ work: () throws(BenchFault) -> Void) throws(BenchFault) -> Double {
        _ = try dump(process)
        try work()
        return try dump(process)
    }

    /// Lets it write down what it has counted and begin anew; answers what that was.
    private func dump(_ process: pid_t) throws(BenchFault) -> Double {
        let log = "\(directory)/control.log"
        let control = try Child(Tools.control, ["--dump", "\(process)"], output: log, errors: log)
        let code = try control.exitCode(within: 60)
        let file = "\(directory)/\(process)"
        guard code == 0, let total = total(of: try last(file)) else {
            throw BenchFault("callgrind wrote no figures: \(text(of: log).suffix(500))")
        }
        return total
    }

    /// Dumps are numbered from 1.
    private func last(_ file: String) throws(BenchFault) -> String {
        var number = 1
        while Tools.exists("\(file).\(number + 1)") { number += 1 }
        return "\(file).\(number)"
    }

    private func total(of file: String) -> Double? {
        let lines = text(of: file).split(separator: "\n")
        return lines.last { $0.hasPrefix("totals:") }?.split(separator: " ").last.flatMap { Double($0) }
    }
}
