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
            that a run failed (an answer that is no 202, an acknowledged job that was lost), not that a goal was missed.

            Example: sluice-bench --duration 5 --flat 1e5
            """
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
        var report = Report(plan)
        report.noteOtherWork("before")
        var accept = AcceptStage(plan, workplace)
        var flat = FlatStage(plan, workplace)
        try accept.run(&report)
        try FlushStage(plan, workplace).run(&report)
        try LifeStage(plan, workplace).run(&report)
        try KeepStage(plan, workplace).run(&report)
        try flat.run(&report)
        report.noteOtherWork("after")
        report.print()
    }
}
