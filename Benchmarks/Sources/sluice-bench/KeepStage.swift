import BenchLoad
import BenchMachine
import Foundation
import Glibc

/// Accepting while the store is kept in order: beside a purge, and beside a backup.
struct KeepStage {
    private let plan: Plan
    private let workplace: Workplace
    private let filling: Filling
    /// A sweep has to come by, and a purge has to get going.
    private static let shortest = 10.0

    private var duration: Double { max(plan.duration, Self.shortest) }

    init(_ plan: Plan, _ workplace: Workplace) {
        self.plan = plan
        self.workplace = workplace
        filling = Filling(plan, workplace)
    }

    func run(_ report: inout Report) throws(BenchFault) {
        guard plan.kept > 0 else {
            report.skip("purge and backup: --kept is 0")
            return
        }
        Progress.say("filling to \(plan.kept) stored jobs")
        let token = try filling.makeSeed("keep")
        let store = "\(workplace.path)/keep"
        try filling.fill(store, to: plan.kept)
        let stale = try workplace.copy(store, to: "keep-stale")
        try filling.expire(stale)
        try purge(store, stale, token, &report)
        try backup(store, token, &report)
    }

    // MARK: Purge

    /// By turns a store without, and one with as much to purge as the run can need.
    private func purge(
        _ store: String,
        _ stale: String,
        _ token: String,
        _ report: inout Report
    ) throws(BenchFault) {
        var quiet = Series()
        var share = Series()
        var purged = Series()
        for round in 1...plan.rounds {
            Progress.say("purge, round \(round) of \(plan.rounds)")
            let without = try rate(of: try workplace.copy(store, to: "keep-copy"), token)
            let data = try workplace.copy(stale, to: "keep-copy")
            let before = try filling.ended(data)
            let with = try rate(of: data, token)
            let after = try filling.ended(data)
            guard after > 0, after < before else {
                throw BenchFault(
                    "Of \(before) jobs past their time \(after) were left: the purge did not last as long as the load."
                )
            }
            quiet.add(without)
            share.add(with / without)
            purged.add(Double(before - after) / duration)
        }
        report.add("accept at \(plan.connections) with \(plan.kept.formatted()) stored, per s", quiet)
        report.add("— during a purge, as a share of that", share, goal: .atLeast(0.8))
        report.add("jobs purged meanwhile, per s", purged)
    }

    private func rate(of data: String, _ token: String) throws(BenchFault) -> Double {
        let gateway = try Gateway(plan, workplace, data: data, token: token)
        defer { gateway.stop() }
        sync()
        return try gateway.load(plan.connections).post(gateway.prompt(held: true), seconds: duration).tally.rate
    }

    // MARK: Backup

    private func backup(_ store: String, _ token: String, _ report: inout Report) throws(BenchFault) {
        var share = Series()
        let gateway = try Gateway(plan, workplace, data: store, token: token)
        defer { gateway.stop() }
        sync()
        let load = gateway.load(plan.connections)
        let request = gateway.prompt(held: true)
        _ = try load.post(request, seconds: 1)
        var copies = 0
        for round in 1...plan.rounds {
            Progress.say("backup, round \(round) of \(plan.rounds)")
            let before = try load.post(request, seconds: duration / 2).tally.rate
            let backups = Repeated { [self] () throws(BenchFault) in try makeBackup(of: store) }
            let with = Result { () throws(BenchFault) in try load.post(request, seconds: duration).tally.rate }
            copies += try backups.end()
            let after = try load.post(request, seconds: duration / 2).tally.rate
            share.add(try with.get() / ((before + after) / 2))
        }
        report.add("accept while backups are made, as a share of without", share, goal: .atLeast(0.8))
        report.note(
            "Backups: \(copies) were made one after the other while the load ran; each was verified by the gateway."
        )
    }

    private func makeBackup(of data: String) throws(BenchFault) {
        let file = "\(data).backup"
        let log = "\(data).backup.log"
        defer { unsafe unlink(file) }
        let command = try Child(plan.server, ["backup", file, "--data", data], output: log, errors: log)
        let code = try command.exitCode(within: 120)
        guard code == 0 else { throw BenchFault("sluice backup ended with \(code): \(text(of: log).suffix(500))") }
    }
}
