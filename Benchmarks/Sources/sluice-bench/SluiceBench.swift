import ArgumentParser
import BenchMachine
import Foundation
import Glibc

@main
struct SluiceBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sluice-bench",
        abstract: "Measure the release binary over HTTP on 127.0.0.1.",
        discussion: """
            Prints the figures beside the goals and the machine's own limits, and what was not measured. Exit code 1 means \
            that a run failed (an answer that is not right, an acknowledged job that was lost) or that a request costs more \
            allocations or instructions than is committed, not that a goal was missed.

            Example: sluice-bench --duration 5 --flat 1e5
            Example: sluice-bench --only sync,stream
            """,
        subcommands: [ServeUpstream.self]
    )

    @OptionGroup var plan: Plan

    func run() throws {
        let workplace = try Workplace(parent: plan.directory, keep: plan.keep)
        Interrupts.endEverything { workplace.remove() }
        defer { workplace.remove() }
        do {
            try measure(workplace)
        } catch let fault as BenchFault {
            Children.kill()
            Progress.say("sluice-bench: \(fault)")
            throw ExitCode.failure
        }
    }

    private func measure(_ workplace: Workplace) throws {
        try plan.check()
        Limits.raiseOpenFiles()
        var report = Report(plan)
        report.noteOtherWork("before")
        var breaches: [String] = []
        for stage in Stage.allCases where plan.only?.contains(stage) ?? true {
            breaches += try run(stage, workplace, &report)
        }
        report.noteOtherWork("after")
        report.print()
        guard breaches.isEmpty || plan.writeThresholds else {
            throw BenchFault(
                "A request costs more than \(plan.thresholds) allows: \(breaches.joined(separator: "; ")). "
                    + "If it has to, --write-thresholds says so."
            )
        }
    }

    /// - Returns: The thresholds that are passed.
    private func run(
        _ stage: Stage,
        _ workplace: Workplace,
        _ report: inout Report
    ) throws(BenchFault) -> [String] {
        switch stage {
        case .accept:
            var stage = AcceptStage(plan, workplace)
            try stage.run(&report)
        case .flush: try FlushStage(plan, workplace).run(&report)
        case .life: try LifeStage(plan, workplace).run(&report)
        case .keep: try KeepStage(plan, workplace).run(&report)
        case .flat:
            var stage = FlatStage(plan, workplace)
            try stage.run(&report)
        case .sync:
            var stage = SyncStage(plan, workplace)
            try stage.run(&report)
        case .crowd: try CrowdStage(plan, workplace).run(&report)
        case .stream:
            var stage = StreamStage(plan, workplace)
            try stage.run(&report)
        case .reasoning:
            var stage = ReasoningStage(plan, workplace)
            try stage.run(&report)
        case .upload: try UploadStage(plan, workplace).run(&report)
        case .open: try OpenStage(plan, workplace).run(&report)
        case .count:
            var stage = try CountStage(plan, workplace)
            try stage.run(&report)
            return stage.thresholds.breaches
        case .messages: return try surfaces(stage, [.messages], workplace, &report)
        case .responses: return try surfaces(stage, [.responses], workplace, &report)
        case .agent: return try surfaces(stage, [.messages, .responses], works: [.agent], workplace, &report)
        case .rebuild: try RebuildStage(plan, workplace).run(&report)
        case .money: try MoneyStage(plan, workplace).run(&report)
        case .watch: try WatchStage(plan, workplace).run(&report)
        }
        return []
    }

    /// - Returns: Where a surface takes more of a chat's instructions than it may.
    private func surfaces(
        _ stage: Stage,
        _ surfaces: [Surface],
        works: [SurfaceStage.Work] = [.call, .stream],
        _ workplace: Workplace,
        _ report: inout Report
    ) throws(BenchFault) -> [String] {
        var stage = try SurfaceStage(plan, workplace, name: stage.rawValue, surfaces: surfaces, works: works)
        try stage.run(&report)
        return stage.thresholds.breaches
    }
}
