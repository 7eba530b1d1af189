import BenchLoad
import BenchMachine
import Histogram

/// Calls that are answered with one object, through nginx and through the gateway.
struct SyncStage {
    private let plan: Plan
    private let workplace: Workplace
    private var costs: [String: Cost] = [:]
    private static let pace = 500.0

    private struct Cost {
        var cpu = Series()
        var rate = Series()
        var ratio = Series()
        var latency = Paced.histogram
        var p50 = Series()
        var p99 = Series()
    }

    init(_ plan: Plan, _ workplace: Workplace) {
        self.plan = plan
        self.workplace = workplace
    }

    mutating func run(_ report: inout Report) throws(BenchFault) {
        let field = try CallField(plan, workplace, name: "sync", &report)
        defer { field.stop() }
        for contender in [field.upstream.contender] + field.contenders {
            _ = try contender.call(connections: plan.connections, seconds: min(1, plan.duration))
        }
        for round in 1...plan.rounds {
            Progress.say("sync calls, round \(round) of \(plan.rounds)")
            try loaded(field)
            try paced(field)
        }
        try add(field, to: &report)
    }

    /// As fast as they are answered.
    private mutating func loaded(_ field: CallField) throws(BenchFault) {
        var bare = 0.0
        for contender in field.contenders {
            let upstream = field.upstream.contender
            let (behind, (cpu, tally)) = try upstream.cpu { () throws(BenchFault) in
                try contender.cpu { () throws(BenchFault) in
                    try contender.call(connections: plan.connections, seconds: plan.duration)
                }
            }
            let each = cpu / Double(tally.sent)
            if contender.name == field.nginx.name { bare = each }
            change(contender.name) { cost in
                cost.cpu.add(each)
                cost.rate.add(tally.rate)
                cost.ratio.add(each / bare)
                cost.latency.add(tally.latency)
            }
            change(upstream.name) { $0.cpu.add(behind / Double(tally.sent)) }
        }
    }

    /// At a fixed rate, straight to the upstream first: what is added is the difference within a round.
    private mutating func paced(_ field: CallField) throws(BenchFault) {
        let straight = try field.upstream.contender.call(perSecond: Self.pace, seconds: plan.duration)
        for contender in field.contenders {
            let through = try contender.call(perSecond: Self.pace, seconds: plan.duration)
            change(contender.name) { cost in
                cost.p50.add(through.whole.microseconds(at: 50) - straight.whole.microseconds(at: 50))
                cost.p99.add(through.whole.microseconds(at: 99) - straight.whole.microseconds(at: 99))
            }
        }
        change(field.upstream.contender.name) { cost in
            cost.p50.add(straight.whole.microseconds(at: 50))
            cost.p99.add(straight.whole.microseconds(at: 99))
        }
    }

    private mutating func change(_ name: String, _ body: (inout Cost) -> Void) {
        body(&costs[name, default: Cost()])
    }

    private func add(_ field: CallField, to report: inout Report) throws(BenchFault) {
        let at = "at \(plan.connections)"
        let rows: [(Contender, Double?)] =
            [(field.nginx, nil)] + field.measured.map { ($0.contender, Optional($0.level.goal)) }
        for (contender, goal) in rows {
            guard let cost = costs[contender.name] else { continue }
            let name = "sync \(at), \(contender.name)"
            report.add("\(name): CPU µs", cost.cpu, goal: goal.map { Report.Goal.atMost($0) })
            if goal != nil { report.add("— as so many of nginx's calls", cost.ratio) }
            report.add("— calls/s", cost.rate)
            report.add("— latency, µs", cost.latency)
            report.add("— added at \(Int(Self.pace))/s: p50, µs", cost.p50, goal: goal == nil ? nil : .atMost(250))
            report.add("— added at \(Int(Self.pace))/s: p99, µs", cost.p99, goal: goal == nil ? nil : .atMost(1_000))
            report.add("— RSS afterwards, MB", try Memory.of(contender.process).resident)
        }
        guard let upstream = costs[field.upstream.contender.name] else { return }
        report.add("the upstream behind them: CPU µs a call", upstream.cpu)
        report.add("— straight at \(Int(Self.pace))/s: p50, µs", upstream.p50)
        report.add("— straight at \(Int(Self.pace))/s: p99, µs", upstream.p99)
    }
}
