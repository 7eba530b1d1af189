import ArgumentParser
import BenchMachine
import Glibc

/// What to measure, and for how long.
struct Plan: ParsableArguments {
    @Option(help: "Seconds of each measured piece.")
    var duration = 3.0

    @Option(help: "Connections of the loaded runs.")
    var connections = 64

    @Option(help: "Rounds of each alternation; the median is printed, with the least and the most.")
    var rounds = 3

    @Option(help: "The most jobs stored before the flatness runs; 0 leaves them out. 1e6 needs about 2 GB of disk.")
    var flat = 1e6

    @Option(help: "Jobs of each flatness run.")
    var flatJobs = 4_000

    @Option(help: "Jobs stored before the runs beside a purge and beside backups; 0 leaves them out.")
    var kept = 200_000

    @Option(help: "Streams that are open at the same time.")
    var openStreams = 2_000

    @Option(
        help: ArgumentHelp("The stages to run: \(Stage.names).", valueName: "stage,…"),
        transform: Plan.stages
    )
    var only: Set<Stage>?

    @Option(help: "The gateway's binary.")
    var server = ".build/release/sluice"

    @Option(help: "The nginx to run beside it.")
    var nginx = "/usr/sbin/nginx"

    @Option(help: "Where the stores lie, and so whose disk is measured.")
    var directory = "Benchmarks/.build/runs"

    @Option(help: "The counts that a request may cost; compared when the stage count is run.")
    var thresholds = "Benchmarks/thresholds.json"

    @Flag(help: "Write what was counted as the new thresholds.")
    var writeThresholds = false

    @Option(help: "Where the libraries are that count.")
    var tools = "Benchmarks/.build/tools"

    @Flag(help: "Leave the stores and logs of the run in place.")
    var keep = false

    /// - Throws: `BenchFault` for what can't be run.
    func check() throws(BenchFault) {
        guard duration > 0, duration <= 60, connections > 0, connections <= 1_000, rounds > 0, rounds <= 20 else {
            throw BenchFault("--duration is 0 to 60 seconds, --connections 1 to 1000, --rounds 1 to 20.")
        }
        guard flat >= 0, flat <= 1e8, flatJobs > 0, flatJobs <= 100_000 else {
            throw BenchFault("--flat is 0 to 1e8 jobs, --flat-jobs 1 to 100000.")
        }
        guard kept >= 0, kept <= 10_000_000 else { throw BenchFault("--kept is 0 to 10000000 jobs.") }
        guard openStreams > 0, openStreams <= 50_000 else { throw BenchFault("--open-streams is 1 to 50000.") }
        guard unsafe access(server, X_OK) == 0 else {
            throw BenchFault("There is no \(server): build it with swift build -c release --product sluice.")
        }
    }

    /// The powers of ten from a thousand to ``flat``.
    var levels: [Int] {
        Array(sequence(first: 1_000) { $0 * 10 }.prefix { Double($0) <= flat })
    }
}
