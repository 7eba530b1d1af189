import BenchLoad
import BenchMachine

/// What calls of other surfaces cost beside the same calls of OpenAI's chat, all to providers that speak the caller's format.
///
/// One gateway serves all of them, and they take turns in every round, so that a ratio is one of the same minute.
struct SurfaceStage {
    private let plan: Plan
    private let workplace: Workplace
    private let name: String
    private let surfaces: [Surface]
    private let works: [Work]
    private(set) var thresholds: Thresholds

    /// What a caller asks for, with a body of 1 KB.
    enum Work: String {
        case call
        case stream
        /// A stream whose body names 40 tools of 1 KB each, as coding agents send.
        case agent

        /// What the report calls it.
        var title: String {
            switch self {
            case .call: "call of 1 KB"
            case .stream: "stream of 21 events"
            case .agent: "stream with 40 tools of 1 KB"
            }
        }

        var tools: Int { self == .agent ? 40 : 0 }
        /// Streams begun in a second.
        var pace: Double { self == .agent ? 100 : 200 }
        /// Microseconds of CPU that one may take.
        var goal: Report.Goal? { self == .agent ? .atMost(1_000) : nil }
    }

    /// By surface, round by round.
    private typealias Figures = [Surface: Series]

    /// A stage that has measured nothing yet.
    ///
    /// - Parameters:
    ///   - plan: Names the binary.
    ///   - workplace: Takes stores and settings.
    ///   - name: Names the committed ratio.
    ///   - surfaces: What is compared with chats.
    ///   - works: What each of them is asked for.
    /// - Throws: `BenchFault` when the thresholds can't be read.
    init(_ plan: Plan, _ workplace: Workplace, name: String, surfaces: [Surface], works: [Work]) throws(BenchFault) {
        self.plan = plan
        self.workplace = workplace
        self.name = name
        self.surfaces = [.chat] + surfaces
        self.works = works
        thresholds = try Thresholds(plan.thresholds)
    }

    /// Counts instructions and measures CPU, and adds what came out.
    ///
    /// - Throws: `BenchFault` when an answer is not the upstream's.
    mutating func run(_ report: inout Report) throws(BenchFault) {
        // A record without bodies costs what one with them does, as the stage `count` shows.
        let levels = try RecordLevel.known(to: plan, workplace).filter { $0.key != "accounting" }
        if let counter = try Counters.instructions(plan, workplace) {
            for level in levels { try count(counter, level, &report) }
        } else {
            report.skip("\(name): \(Counters.missing)")
        }
        for level in levels { try time(level, &report) }
    }

    private mutating func count(
        _ counter: any Counter,
        _ level: RecordLevel,
        _ report: inout Report
    ) throws(BenchFault) {
        try with(level, "count", gap: 20, counter.setting, &report) { stage, contender, report throws(BenchFault) in
            for work in stage.works {
                Progress.say("\(stage.name): \(counter.unit) of a \(work.title), \(level.name)")
                let figures = try stage.figures(idle: 2) { surface throws(BenchFault) in
                    var asked = 0
                    let count = try counter.count(contender.process) { () throws(BenchFault) in
                        asked = try stage.perform(work, surface, contender, counter.requests)
                    }
                    return count / Double(asked)
                }
                stage.add("\(counter.unit) of a \(work.title), \(level.key)", figures, isJudged: true, &report)
            }
        }
    }

    private mutating func time(_ level: RecordLevel, _ report: inout Report) throws(BenchFault) {
        try with(level, "time", gap: 5, Gateway.Setting(), &report) { stage, contender, report throws(BenchFault) in
            for work in stage.works {
                Progress.say("\(stage.name): CPU of a \(work.title), \(level.name)")
                let plan = stage.plan
                let figures = try stage.figures(idle: 1) { surface throws(BenchFault) in
                    let (cpu, asked) = try contender.cpu { () throws(BenchFault) in
                        if work == .call {
                            return try contender.call(
                                surface,
                                connections: plan.connections,
                                seconds: plan.duration
                            ).sent
                        }
                        let count = max(20, Int(work.pace * plan.duration))
                        return try contender.stream(surface, tools: work.tools, perSecond: work.pace, count: count)
                            .answers
                    }
                    return cpu / Double(asked)
                }
                stage.add("CPU µs of a \(work.title), \(level.key)", figures, goal: work.goal, &report)
            }
        }
    }

    /// Starts an upstream and a gateway for a while; says so where the gateway does not serve a surface.
    private mutating func with(
        _ level: RecordLevel,
        _ part: String,
        gap: Int,
        _ setting: Gateway.Setting,
        _ report: inout Report,
        _ body: (inout Self, Contender, inout Report) throws(BenchFault) -> Void
    ) throws(BenchFault) {
        let upstream = try Upstream(workplace, gap: gap)
        defer { upstream.stop() }
        var setting = setting
        setting.arguments += level.arguments
        let data = "\(name)-\(part)-\(level.key)"
        let gateway = try CallField.gateway(plan, workplace, data: data, upstream, surfaces: surfaces, setting)
        defer { gateway.stop() }
        let contender = gateway.contender(level.name)
        for surface in surfaces {
            let answer = try contender.load(1).status(contender.request(surface, isStream: false))
            guard answer.code != 404 else {
                return report.skip("\(name), \(level.name): this gateway does not serve POST \(surface.path)")
            }
            guard answer.code == 200 else {
                throw BenchFault("\(level.name) answers POST \(surface.path) with \(answer.code): \(answer.body)")
            }
        }
        try body(&self, contender, &report)
    }

    /// What `measure` gives for each surface, in alternation.
    ///
    /// It is done `idle` times before the first round, so that connections, pools and caches are there.
    private func figures(idle: Int, _ measure: (Surface) throws(BenchFault) -> Double) throws(BenchFault) -> Figures {
        for _ in 1...idle {
            for surface in surfaces { _ = try measure(surface) }
        }
        var figures: Figures = [:]
        for _ in 1...plan.rounds {
            for surface in surfaces { figures[surface, default: Series()].add(try measure(surface)) }
        }
        return figures
    }

    /// - Returns: How many requests that were.
    private func perform(
        _ work: Work,
        _ surface: Surface,
        _ contender: Contender,
        _ requests: Int
    ) throws(BenchFault) -> Int {
        if work == .call {
            return try contender.call(surface, connections: 1, seconds: 600, count: requests).sent
        }
        // All moments are long past: a stream begins when one of eight before it has ended.
        let count = requests / 4
        return try contender.stream(surface, tools: work.tools, perSecond: 1e9, count: count, connections: 8).answers
    }

    /// Adds the figures of each surface, and what they are of a chat's.
    private mutating func add(
        _ title: String,
        _ figures: Figures,
        goal: Report.Goal? = nil,
        isJudged: Bool = false,
        _ report: inout Report
    ) {
        guard let chat = figures[.chat] else { return }
        let share = thresholds.share(ofChat: name)
        for surface in surfaces {
            guard let series = figures[surface] else { continue }
            report.add("\(title): \(surface.rawValue)", series, goal: goal)
            guard surface != .chat else { continue }
            let ratio = series.over(chat)
            report.add("— as so many of a chat's", ratio, goal: share.map { .atMost($0) })
            if isJudged { thresholds.judge(name, "\(title): \(surface.rawValue)", ratio: ratio.median) }
        }
        if share == nil { report.note("No ratio is committed for \(name).") }
    }
}
