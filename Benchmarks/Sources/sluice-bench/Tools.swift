import BenchMachine
import Foundation
import Glibc

/// What the script builds or installs for the counts.
struct Tools {
    /// Counts allocations, when preloaded.
    let counter: String
    /// Lets valgrind run a program of libdispatch, when preloaded.
    let sigsuspend: String
    /// The gateway without debug information, which older valgrinds can't read; the gateway itself where there is none.
    let server: String

    static let perf = "/usr/bin/perf"
    static let valgrind = "/usr/bin/valgrind"
    static let control = "/usr/bin/callgrind_control"

    init(_ plan: Plan) {
        // Whole, since the loader reads it in the child.
        let directory = URL(fileURLWithPath: plan.tools).path
        counter = "\(directory)/count-allocations.so"
        sigsuspend = "\(directory)/valgrind-sigsuspend.so"
        let stripped = "\(directory)/sluice-stripped"
        server = Self.exists(stripped) ? stripped : plan.server
    }

    static func exists(_ path: String) -> Bool {
        unsafe access(path, R_OK) == 0
    }
}
