import BenchLoad
import BenchMachine
import Glibc

/// How many flushes an accepted prompt costs, counted by strace.
///
/// A run of its own, since tracing slows the traced: with `--seccomp-bpf` only the flushes themselves stop the server, so
/// that its batches stay nearly what they are without.
struct FlushStage {
    private static let strace = "/usr/bin/strace"

    private let plan: Plan
    private let workplace: Workplace

    init(_ plan: Plan, _ workplace: Workplace) {
        self.plan = plan
        self.workplace = workplace
    }

    func run(_ report: inout Report) throws(BenchFault) {
        guard unsafe access(Self.strace, X_OK) == 0 else {
            report.skip("flushes per accepted prompt: strace is not installed")
            return
        }
        Progress.say("flushes")
        let data = try workplace.directory("flush")
        let trace = "\(data).strace"
        let tracer = [Self.strace, "--seccomp-bpf", "-f", "-qq", "-e", "trace=fdatasync,fsync", "-o", trace, "--"]
        let gateway = try Gateway(plan, workplace, data: data, tracer: tracer)
        defer { gateway.stop() }
        try count(gateway, connections: plan.connections, trace, &report)
        try count(gateway, connections: 1, trace, &report)
    }

    private func count(
        _ gateway: Gateway,
        connections: Int,
        _ trace: String,
        _ report: inout Report
    ) throws(BenchFault) {
        let before = flushes(trace)
        let tally = try gateway.load(connections).post(gateway.prompt(held: true), seconds: min(2, plan.duration)).tally
        let count = flushes(trace) - before
        report.add("flushes per accepted prompt at \(connections)", Double(count) / Double(tally.sent))
    }

    /// The flushes begun so far; a call that another thread's line cut in two counts once.
    private func flushes(_ trace: String) -> Int {
        text(of: trace).split(separator: "\n").count { $0.contains("sync(") }
    }
}
