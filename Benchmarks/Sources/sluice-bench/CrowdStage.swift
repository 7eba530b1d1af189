import BenchLoad
import BenchMachine

/// What a call costs when many are there: four times as many connections, and thousands that wait for a place.
struct CrowdStage {
    private let plan: Plan
    private let workplace: Workplace

    /// Calls that a row takes at once which has more callers than that.
    private static let places = 64
    /// Callers that wait for one of them.
    private static let waiters = 4_000

    /// A stage that has measured nothing yet.
    init(_ plan: Plan, _ workplace: Workplace) {
        self.plan = plan
        self.workplace = workplace
    }

    /// Measures everybody in alternation, and adds what came out.
    ///
    /// - Throws: `BenchFault` when an answer is not the upstream's.
    func run(_ report: inout Report) throws(BenchFault) {
        try connections(&report)
        let all = Self.waiters + Self.places
        guard Limits.openFiles >= 2 * all + 500 else {
            report.skip("\(Self.waiters) callers that wait: this process may open \(Limits.openFiles) files only")
            return
        }
        try waiting(all, &report)
    }

    /// A row with its defaults.
    private func connections(_ report: inout Report) throws(BenchFault) {
        let crowd = plan.connections * 4
        let field = try CallField(plan, workplace, name: "crowd", places: nil, &report)
        defer { field.stop() }
        for contender in field.contenders {
            let series = try alternate(
                "calls of \(contender.name)",
                Side(contender, connections: plan.connections),
                Side(contender, connections: crowd)
            )
            report.add("sync at \(plan.connections), a row with its defaults, \(contender.name): CPU µs", series[0])
            report.add("— at \(crowd): CPU µs", series[1])
            let goal = contender.name == field.nginx.name ? nil : Report.Goal.atMost(1.5)
            report.add("— as so many of those", series[1].over(series[0]), goal: goal)
        }
    }

    /// A row with few places, beside one on which nobody has to wait.
    private func waiting(_ all: Int, _ report: inout Report) throws(BenchFault) {
        let room = ["--max-calls", "\(3 * all)", "--max-connections", "\(2 * all)"]
        let narrow = try CallField(plan, workplace, name: "narrow", places: Self.places, arguments: room, &report)
        defer { narrow.stop() }
        let wide = try CallField(plan, workplace, name: "wide", places: all, arguments: room, &report)
        defer { wide.stop() }
        for (waits, goesOn) in zip(narrow.contenders, wide.contenders) {
            let series = try alternate(
                "waiting calls of \(waits.name)",
                Side(waits, connections: Self.places),
                Side(goesOn, connections: all),
                Side(waits, connections: all)
            )
            let goal = waits.name == narrow.nginx.name ? nil : Report.Goal.atMost(1.25)
            report.add("sync at \(Self.places), a row of \(Self.places) places, \(waits.name): CPU µs", series[0])
            report.add("— at \(all), of which \(Self.waiters) wait: CPU µs", series[2])
            report.add("— as so many of those at \(Self.places)", series[2].over(series[0]), goal: goal)
            report.add("— at \(all), none of which waits: CPU µs", series[1])
            report.add("— those that wait, as so many of those that don't", series[2].over(series[1]), goal: goal)
        }
    }

    /// A contender, and over how many connections it is called.
    private struct Side {
        let contender: Contender
        let connections: Int

        init(_ contender: Contender, connections: Int) {
            self.contender = contender
            self.connections = connections
        }

        /// Microseconds of CPU that a call takes.
        func cost(_ seconds: Double) throws(BenchFault) -> Double {
            let (cpu, tally) = try contender.cpu { () throws(BenchFault) in
                try contender.call(connections: connections, seconds: seconds)
            }
            return cpu / Double(tally.sent)
        }
    }

    /// Has the sides called by turns; answers what a call took of each.
    private func alternate(_ name: String, _ sides: Side...) throws(BenchFault) -> [Series] {
        for side in sides { _ = try side.cost(min(1, plan.duration)) }
        var series = sides.map { _ in Series() }
        for round in 1...plan.rounds {
            Progress.say("\(name), round \(round) of \(plan.rounds)")
            for (index, side) in sides.enumerated() { series[index].add(try side.cost(plan.duration)) }
        }
        return series
    }
}
