import BenchLoad
import BenchMachine
import Foundation
import Glibc

/// What a job costs when few and when many are stored already.
struct FlatStage {
    private let plan: Plan
    private let workplace: Workplace
    private var costs: [Int: Cost] = [:]

    /// Microseconds for each job.
    private struct Cost {
        var acceptCPU = Series()
        var acceptTime = Series()
        var lifeCPU = Series()
        var lifeTime = Series()
    }

    init(_ plan: Plan, _ workplace: Workplace) {
        self.plan = plan
        self.workplace = workplace
    }

    mutating func run(_ report: inout Report) throws(BenchFault) {
        guard plan.levels.count > 1 else {
            report.skip("flatness: --flat is below 1e4")
            return
        }
        var stores: [Int: String] = [:]
        let filling = Filling(plan, workplace)
        let token = try filling.makeSeed("flat")
        var last = "\(workplace.path)/flat"
        for level in plan.levels {
            Progress.say("filling to \(level) stored jobs")
            last = try workplace.copy(last, to: "flat-\(level)")
            try filling.fill(last, to: level)
            stores[level] = last
        }
        for round in 1...plan.rounds {
            Progress.say("flatness, round \(round) of \(plan.rounds)")
            // Up and down by turns, so that what drifts with time falls on every level.
            for level in round.isMultiple(of: 2) ? plan.levels.reversed() : plan.levels {
                try measure(level, stores[level] ?? last, token)
            }
        }
        add(to: &report)
    }

    /// Measures on a copy, so that each round finds the same store; of the largest there is one, which a round hardly changes.
    private mutating func measure(_ level: Int, _ store: String, _ token: String) throws(BenchFault) {
        let data = level > 100_000 ? store : try workplace.copy(store, to: "flat-copy")
        let gateway = try Gateway(plan, workplace, data: data, token: token)
        defer { gateway.stop() }
        // What the copy or the fill left to be written would be flushed by the first to ask for a flush.
        sync()
        let load = gateway.load(plan.connections)
        _ = try load.post(gateway.prompt(held: true), seconds: plan.duration, count: 500)
        let start = try gateway.cpu()
        let tally = try load.post(gateway.prompt(held: true), seconds: 60, count: plan.flatJobs).tally
        var cost = costs[level] ?? Cost()
        cost.acceptCPU.add(Double(try gateway.cpu() - start) / 1e3 / Double(tally.sent))
        cost.acceptTime.add(1e6 / tally.rate)
        let life = try Life(gateway, connections: plan.connections, seconds: 60, count: plan.flatJobs)
        cost.lifeCPU.add(life.cpu)
        cost.lifeTime.add(1e6 / life.rate)
        costs[level] = cost
    }

    private func add(to report: inout Report) {
        for level in plan.levels {
            guard let cost = costs[level] else { continue }
            let stored = "\(level.formatted()) stored jobs"
            report.add("\(stored): accept, CPU µs", cost.acceptCPU)
            report.add("\(stored): accept, wall µs", cost.acceptTime)
            report.add("\(stored): whole life, CPU µs", cost.lifeCPU)
            report.add("\(stored): whole life, wall µs", cost.lifeTime)
        }
        guard let first = plan.levels.first.flatMap({ costs[$0] }), let last = plan.levels.last.flatMap({ costs[$0] })
        else { return }
        let span = "from 1,000 to \(plan.levels.last?.formatted() ?? "") stored"
        report.add("accept CPU \(span), %", growth(first.acceptCPU, last.acceptCPU), goal: .atMost(10))
        report.add("accept wall time \(span), %", growth(first.acceptTime, last.acceptTime), goal: .atMost(10))
        report.add("whole life CPU \(span), %", growth(first.lifeCPU, last.lifeCPU), goal: .atMost(10))
        report.add("whole life wall time \(span), %", growth(first.lifeTime, last.lifeTime), goal: .atMost(10))
    }

    private func growth(_ from: Series, _ to: Series) -> Double {
        (to.median / from.median - 1) * 100
    }
}
