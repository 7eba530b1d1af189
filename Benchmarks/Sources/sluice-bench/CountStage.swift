import BenchLoad
import BenchMachine

/// What a request costs in figures that hardly depend on how busy the machine is: allocations and instructions.
///
/// One request at a time, but for streams: what several share would depend on how they meet.
struct CountStage {
    private let plan: Plan
    private let workplace: Workplace
    private(set) var thresholds: Thresholds

    private enum Work: String {
        case accept
        case sync
        case stream
    }

    init(_ plan: Plan, _ workplace: Workplace) throws(BenchFault) {
        self.plan = plan
        self.workplace = workplace
        thresholds = try Thresholds(plan.thresholds)
    }

    mutating func run(_ report: inout Report) throws(BenchFault) {
        let levels = try RecordLevel.known(to: plan, workplace)
        for counter in try Counters.available(plan, workplace, &report) {
            let upstream = try Upstream(workplace, gap: 20)
            defer { upstream.stop() }
            for (index, level) in levels.enumerated() {
                try count(counter, level, accepting: index == levels.count - 1, upstream, &report)
            }
        }
        if plan.writeThresholds { try thresholds.write() }
    }

    private mutating func count(
        _ counter: any Counter,
        _ level: RecordLevel,
        accepting: Bool,
        _ upstream: Upstream,
        _ report: inout Report
    ) throws(BenchFault) {
        Progress.say("\(counter.unit), \(level.name)")
        var setting = counter.setting
        setting.arguments = level.arguments
        let data = "count-\(counter.unit.prefix { $0.isLetter })-\(level.key)"
        let gateway = try CallField.gateway(plan, workplace, data: data, upstream, setting)
        defer { gateway.stop() }
        let serves = try CallField.serves(gateway, level.name, counter.unit, &report)
        for work in (accepting ? [Work.accept] : []) + (serves ? [.sync, .stream] : []) {
            // Twice before the first count, so that connections, pools and caches are there.
            for _ in 1...2 { _ = try perform(work, gateway, counter.requests) }
            var each = Series()
            for _ in 1...min(plan.rounds, 3) {
                var asked = 0
                let count = try counter.count(gateway.process) { () throws(BenchFault) in
                    asked = try perform(work, gateway, counter.requests)
                }
                each.add(count / Double(asked))
            }
            add(counter, work == .accept ? "accept" : "\(work.rawValue), \(level.key)", each, &report)
        }
    }

    /// - Returns: How many requests that were.
    private func perform(_ work: Work, _ gateway: Gateway, _ requests: Int) throws(BenchFault) -> Int {
        let contender = gateway.contender("gateway")
        switch work {
        case .accept:
            _ = try gateway.load(1).post(gateway.prompt(held: true), seconds: 600, count: requests)
            return requests
        case .sync:
            _ = try contender.call(connections: 1, seconds: 600, count: requests)
            return requests
        case .stream:
            // All moments are long past: a stream begins when one of eight before it has ended.
            _ = try contender.stream(perSecond: 1e9, count: requests / 8, connections: 8)
            return requests / 8
        }
    }

    private mutating func add(_ counter: any Counter, _ name: String, _ each: Series, _ report: inout Report) {
        thresholds.take(counter.unit, name, each.median, tolerance: counter.tolerance)
        let limit = thresholds.limit(counter.unit, name, tolerance: counter.tolerance)
        report.add("\(counter.unit) of \(name)", each, goal: limit.map { .atMost($0) })
        if limit == nil { report.note("No threshold is committed for \(counter.unit) of \(name).") }
    }
}
