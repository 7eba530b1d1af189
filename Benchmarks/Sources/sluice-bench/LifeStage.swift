import BenchMachine

/// The whole way of a job under load.
struct LifeStage {
    private let plan: Plan
    private let workplace: Workplace

    init(_ plan: Plan, _ workplace: Workplace) {
        self.plan = plan
        self.workplace = workplace
    }

    func run(_ report: inout Report) throws(BenchFault) {
        let gateway = try Gateway(plan, workplace, data: try workplace.directory("life"))
        defer { gateway.stop() }
        _ = try Life(gateway, connections: plan.connections, seconds: 0.5)
        var rate = Series()
        var cpu = Series()
        var jobs = 0
        for round in 1...plan.rounds {
            Progress.say("whole life, round \(round) of \(plan.rounds)")
            let life = try Life(gateway, connections: plan.connections, seconds: plan.duration)
            rate.add(life.rate)
            cpu.add(life.cpu)
            jobs += life.jobs
        }
        pause(milliseconds: 2_000)
        let memory = try Memory.of(gateway.process)
        report.add("whole life at \(plan.connections), jobs/s", rate, goal: .atLeast(4_000))
        report.add("CPU of a whole life, µs", cpu)
        report.add("memory after the whole lives: RSS, MB", memory.resident)
        report.note("Whole life: \(jobs) jobs acknowledged; each was found by GET afterwards and had succeeded.")
    }
}
