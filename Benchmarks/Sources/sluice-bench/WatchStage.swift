import BenchLoad
import BenchMachine
import Foundation

/// What it costs to be watched: metrics and traces that go to a collector, and how long operators wait for an answer.
struct WatchStage {
    private let plan: Plan
    private let workplace: Workplace

    private static let asks = 50

    init(_ plan: Plan, _ workplace: Workplace) {
        self.plan = plan
        self.workplace = workplace
    }

    func run(_ report: inout Report) throws(BenchFault) {
        let upstream = try Upstream(workplace, gap: 5)
        defer { upstream.stop() }
        let collector = try Nginx(plan, workplace, directory: "collector")
        defer { collector.stop() }
        let variables = ["OTEL_EXPORTER_OTLP_ENDPOINT=\(collector.url)"]
        // What is counted takes long on a simulated processor, and metrics go by the minute, not by the call.
        try instructions(upstream, variables + ["OTEL_METRICS_EXPORTER=none"], &report)
        try processor(upstream, variables + ["OTEL_METRIC_EXPORT_INTERVAL=1000"], &report)
        try status(&report)
    }

    // MARK: A call

    /// Of a recorded call, in figures that hardly depend on how busy the machine is.
    private func instructions(_ upstream: Upstream, _ variables: [String], _ report: inout Report) throws(BenchFault) {
        guard let counter = try Counters.instructions(plan, workplace) else { return report.skip(Counters.missing) }
        var counts: [Series] = []
        for (name, more) in [("off", []), ("on", variables)] {
            Progress.say("\(counter.unit), watched \(name)")
            var setting = counter.setting
            setting.arguments = ["--record", "full"]
            setting.variables += more
            let gateway = try CallField.gateway(plan, workplace, data: "watch-count-\(name)", upstream, setting)
            defer { gateway.stop() }
            let contender = gateway.contender(name)
            for _ in 1...2 { _ = try contender.call(connections: 1, seconds: 600, count: counter.requests) }
            var each = Series()
            for _ in 1...min(plan.rounds, 3) {
                let count = try counter.count(gateway.process) { () throws(BenchFault) in
                    _ = try contender.call(connections: 1, seconds: 600, count: counter.requests)
                }
                each.add(count / Double(counter.requests))
            }
            counts.append(each)
            report.add("\(counter.unit) of a recorded call, traces \(name)", each)
        }
        report.add(
            "\(counter.unit) of a recorded call, traces on over off",
            counts[1].over(counts[0]),
            goal: .atMost(1.05)
        )
    }

    /// The same by time on the processor, one beside the other.
    private func processor(_ upstream: Upstream, _ variables: [String], _ report: inout Report) throws(BenchFault) {
        var gateways: [Gateway] = []
        defer { for gateway in gateways { gateway.stop() } }
        for (name, more) in [("off", []), ("on", variables)] {
            let setting = Gateway.Setting(arguments: ["--record", "full"], variables: more)
            gateways.append(try CallField.gateway(plan, workplace, data: "watch-\(name)", upstream, setting))
        }
        report.add(
            "MB resident, idle, with everything on",
            try Memory.of(gateways[1].process).resident,
            goal: .atMost(60)
        )
        var each = [Series(), Series()]
        for round in 0...plan.rounds {
            Progress.say("calls, watched and not, round \(round)")
            for (place, gateway) in gateways.enumerated() {
                let contender = gateway.contender("watched")
                let (cpu, tally) = try contender.cpu { () throws(BenchFault) in
                    try contender.call(connections: 8, seconds: plan.duration)
                }
                // The first warms up.
                if round > 0 { each[place].add(cpu / Double(tally.sent)) }
            }
        }
        report.add("µs CPU of a recorded call, metrics and traces off", each[0])
        report.add("µs CPU of a recorded call, metrics and traces on", each[1])
        report.add("CPU of a recorded call, on over off", each[1].over(each[0]), goal: .atMost(1.05))
    }

    // MARK: An operator

    /// What `sluice status` takes where many jobs are stored, from its start to its end.
    private func status(_ report: inout Report) throws(BenchFault) {
        guard plan.kept > 0 else { return report.skip("sluice status over many jobs: --kept is 0") }
        let filling = Filling(plan, workplace)
        let token = try filling.makeSeed("watch-status")
        let data = "\(workplace.path)/watch-status"
        try filling.fill(data, to: plan.kept)
        let gateway = try Gateway(plan, workplace, data: data, token: token)
        defer { gateway.stop() }
        var each = Series()
        for _ in 1...Self.asks {
            let begin = Nanoseconds.now()
            let command = try Child(
                plan.server,
                ["status", "--data", data],
                output: "\(data).status",
                errors: "\(data).status"
            )
            guard try command.exitCode(within: 30) == 0 else {
                throw BenchFault("sluice status failed: \(text(of: "\(data).status"))")
            }
            each.add(Double(Nanoseconds.now() - begin) / 1e6)
        }
        report.add("ms of sluice status, \(plan.kept.formatted()) jobs", each, goal: .atMost(50))
    }
}
