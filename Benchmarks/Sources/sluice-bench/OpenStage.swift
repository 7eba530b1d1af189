import BenchLoad
import BenchMachine
import BenchUpstream
import Foundation

/// What streams that are open at the same time take of memory.
struct OpenStage {
    private let plan: Plan
    private let workplace: Workplace

    init(_ plan: Plan, _ workplace: Workplace) {
        self.plan = plan
        self.workplace = workplace
    }

    func run(_ report: inout Report) throws(BenchFault) {
        guard Limits.openFiles >= plan.openStreams + 500 else {
            report.skip("\(plan.openStreams) open streams: this process may open \(Limits.openFiles) files only")
            return
        }
        let field = try CallField(plan, workplace, name: "open", &report)
        defer { field.stop() }
        let measured = Set(field.measured.map(\.contender.name))
        for contender in field.contenders {
            Progress.say("\(plan.openStreams) open streams, \(contender.name)")
            let name = "\(plan.openStreams.formatted()) open streams, \(contender.name)"
            let idle = try Memory.of(contender.process).resident
            var open = try OpenStreams.open(contender.load(plan.openStreams), contender.chat(.held))
            let memory = try Memory.of(contender.process)
            try field.upstream.release()
            try open.finish(events: Canned.eventCount)
            let goal = measured.contains(contender.name) && plan.openStreams == 2_000
            report.add("\(name): RSS, MB", memory.resident, goal: goal ? .atMost(200) : nil)
            report.add("— PSS, MB", memory.proportional)
            report.add(
                "— RSS more than without, KB a stream",
                Double(memory.resident - idle) / 1e3 / Double(plan.openStreams)
            )
        }
    }
}
