import BenchLoad
import BenchMachine
import Histogram

/// Streams of 21 events, begun at a fixed rate.
struct StreamStage {
    private let plan: Plan
    private let workplace: Workplace
    private var costs: [String: Cost] = [:]
    private var late = Paced.histogram
    private static let pace = 200.0

    private struct Cost {
        var p50 = Series()
        var p99 = Series()
        var cpu = Series()
        var ratio = Series()
    }

    init(_ plan: Plan, _ workplace: Workplace) {
        self.plan = plan
        self.workplace = workplace
    }

    mutating func run(_ report: inout Report) throws(BenchFault) {
        let field = try CallField(plan, workplace, name: "stream", &report)
        defer { field.stop() }
        let contenders = [field.upstream.contender] + field.contenders
        for contender in contenders { _ = try contender.stream(perSecond: Self.pace, count: 100) }
        for round in 1...plan.rounds {
            Progress.say("streams, round \(round) of \(plan.rounds)")
            try self.round(contenders, nginx: field.nginx.name)
        }
        add(field, to: &report)
    }

    private mutating func round(_ contenders: [Contender], nginx: String) throws(BenchFault) {
        var bare = 0.0
        let count = max(20, Int(Self.pace * plan.duration))
        for contender in contenders {
            let (cpu, paced) = try contender.cpu { () throws(BenchFault) in
                try contender.stream(perSecond: Self.pace, count: count)
            }
            let each = cpu / Double(count)
            if contender.name == nginx { bare = each }
            var cost = costs[contender.name] ?? Cost()
            cost.p50.add(paced.first.microseconds(at: 50))
            cost.p99.add(paced.first.microseconds(at: 99))
            cost.cpu.add(each)
            cost.ratio.add(each / bare)
            late.add(paced.late)
            costs[contender.name] = cost
        }
    }

    private func add(_ field: CallField, to report: inout Report) {
        let measured = Set(field.measured.map(\.contender.name))
        for contender in [field.upstream.contender] + field.contenders {
            guard let cost = costs[contender.name] else { continue }
            let isMeasured = measured.contains(contender.name)
            let name = "stream of 21 events at \(Int(Self.pace))/s, \(contender.name)"
            report.add("\(name): first byte p50, µs", cost.p50, goal: isMeasured ? .atMost(500) : nil)
            report.add("— first byte p99, µs", cost.p99)
            report.add("— CPU µs a stream", cost.cpu, goal: isMeasured ? .atMost(1_000) : nil)
            if isMeasured { report.add("— as so many of nginx's streams", cost.ratio) }
        }
        report.add("the generator's own lateness in these streams, µs", late)
    }
}
