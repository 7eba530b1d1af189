import BenchLoad
import BenchMachine
import Histogram

/// How soon a caller has the first reasoning of a model that has said nothing for a while.
///
/// What came before it, the role, may be held back until there is content; the reasoning may not.
struct ReasoningStage {
    private let plan: Plan
    private let workplace: Workplace
    private var times: [String: Times] = [:]
    private var late = Paced.histogram
    /// Streams begun in a second.
    private static let pace = 50.0
    /// Between the provider's write and the caller's read, in microseconds.
    private static let goal = Report.Goal.atMost(5_000)

    /// What the rounds of one contender gave, in microseconds.
    private struct Times {
        var p50 = Series()
        var p99 = Series()
        var most = Series()
    }

    /// A stage that has measured nothing yet.
    init(_ plan: Plan, _ workplace: Workplace) {
        self.plan = plan
        self.workplace = workplace
    }

    /// Measures everybody in alternation, and adds what came out.
    ///
    /// - Throws: `BenchFault` when a stream is not whole, or does not say when its reasoning was written.
    mutating func run(_ report: inout Report) throws(BenchFault) {
        let field = try CallField(plan, workplace, name: "reasoning", &report)
        defer { field.stop() }
        let contenders = [field.upstream.contender] + field.contenders
        for contender in contenders { _ = try contender.reason(perSecond: Self.pace, count: 20) }
        for round in 1...plan.rounds {
            Progress.say("first reasoning, round \(round) of \(plan.rounds)")
            for contender in contenders { try measure(contender) }
        }
        let measured = Set(field.measured.map(\.contender.name))
        for contender in contenders { add(contender.name, isMeasured: measured.contains(contender.name), to: &report) }
        report.add("the generator's own lateness in these streams, µs", late)
    }

    /// A round of one contender.
    private mutating func measure(_ contender: Contender) throws(BenchFault) {
        let paced = try contender.reason(perSecond: Self.pace, count: max(20, Int(Self.pace * plan.duration)))
        var times = times[contender.name] ?? Times()
        times.p50.add(paced.underWay.microseconds(at: 50))
        times.p99.add(paced.underWay.microseconds(at: 99))
        times.most.add(Double(paced.underWay.maxRecorded))
        self.times[contender.name] = times
        late.add(paced.late)
    }

    /// Adds the figures of one contender, with the goal where it is a gateway.
    private func add(_ name: String, isMeasured: Bool, to report: inout Report) {
        guard let times = times[name] else { return }
        report.add("first reasoning at \(Int(Self.pace))/s, \(name): under way p50, µs", times.p50)
        report.add("— under way p99, µs", times.p99, goal: isMeasured ? Self.goal : nil)
        report.add("— under way at most, µs", times.most, goal: isMeasured ? Self.goal : nil)
    }
}
