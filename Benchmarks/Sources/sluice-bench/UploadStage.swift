import BenchLoad
import BenchMachine
import Glibc
import Histogram

/// What streams notice of a large body that somebody else sends beside them.
struct UploadStage {
    private let plan: Plan
    private let workplace: Workplace

    /// Of the large body.
    private static let bytes = 20 << 20
    /// Streams that are open at the same time, about.
    private static let streams = 50
    /// Milliseconds between two of their events.
    private static let gap = 20
    /// Streams begun in a second, so that so many are open.
    private static let pace = Double(streams) / (Double(gap) * 20 / 1_000)

    /// A stage.
    init(_ plan: Plan, _ workplace: Workplace) {
        self.plan = plan
        self.workplace = workplace
    }

    /// Measures everybody without and with the body, in alternation, and adds what came out.
    ///
    /// - Throws: `BenchFault` when a stream is not whole, or the body is not answered.
    func run(_ report: inout Report) throws(BenchFault) {
        let field = try CallField(plan, workplace, name: "upload", gap: Self.gap, &report)
        defer { field.stop() }
        let body = try workplace.write(Self.body, to: "large.json")
        let measured = Set(field.measured.map(\.contender.name))
        var quiet: [String: Series] = [:]
        var beside: [String: Series] = [:]
        var sent: [String: Series] = [:]
        for contender in field.contenders { _ = try contender.stream(perSecond: Self.pace, count: 50) }
        for round in 1...plan.rounds {
            Progress.say("streams beside a large body, round \(round) of \(plan.rounds)")
            for contender in field.contenders {
                quiet[contender.name, default: Series()].add(try longestGap(contender))
                let uploads = Repeated { [self] () throws(BenchFault) in
                    try upload(body, to: contender)
                    pause(milliseconds: 1_000)
                }
                let gap = Result { () throws(BenchFault) in try longestGap(contender) }
                sent[contender.name, default: Series()].add(Double(try uploads.end()))
                beside[contender.name, default: Series()].add(try gap.get())
            }
        }
        for contender in field.contenders {
            guard let quiet = quiet[contender.name], let beside = beside[contender.name],
                let sent = sent[contender.name]
            else { continue }
            let name = "\(Self.streams) streams of an event each \(Self.gap) ms, \(contender.name)"
            report.add("\(name): longest gap, ms", quiet)
            let goal = measured.contains(contender.name) ? Report.Goal.atMost(100) : nil
            report.add("— beside a call of 20 MiB each second: longest gap, ms", beside, goal: goal)
            report.add("— such calls meanwhile", sent)
        }
    }

    /// Milliseconds of the longest gap within a stream.
    private func longestGap(_ contender: Contender) throws(BenchFault) -> Double {
        let count = max(Self.streams, Int(Self.pace * plan.duration))
        let paced = try contender.stream(perSecond: Self.pace, count: count)
        return Double(paced.gaps.maxRecorded) / 1_000
    }

    /// Makes a call with the body in the file `body`, by a process of its own: the generator's thread has streams to read.
    private func upload(_ body: String, to contender: Contender) throws(BenchFault) {
        let log = "\(workplace.path)/upload.log"
        let arguments = [
            "--silent", "--show-error", "--fail-with-body", "--max-time", "60", "--output", "/dev/null",
            "--header", "Authorization: Bearer \(contender.token)", "--header", "Content-Type: application/json",
            "--header", "Expect:", "--data-binary", "@\(body)",
            "http://127.0.0.1:\(contender.port)/v1/chat/completions",
        ]
        unsafe unlink(log)
        let code = try Child("/usr/bin/curl", arguments, output: log, errors: log).exitCode(within: 70)
        guard code == 0 else {
            throw BenchFault("A large call through \(contender.name) ended with \(code): \(text(of: log).suffix(500))")
        }
    }

    private static var body: String {
        let text = String(repeating: "What is a recipe for a tiramisu? ", count: bytes / 33)
        return #"{"model":"bench","messages":[{"role":"user","content":""# + text + #""}]}"#
    }
}
