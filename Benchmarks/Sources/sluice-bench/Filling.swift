import BenchFill
import BenchLoad
import BenchMachine
import Foundation

/// Stores with many jobs.
struct Filling {
    private let plan: Plan
    private let workplace: Workplace

    init(_ plan: Plan, _ workplace: Workplace) {
        self.plan = plan
        self.workplace = workplace
    }

    /// Makes a store with one job of each kind, for the fill to copy; answers its token.
    func makeSeed(_ name: String) throws(BenchFault) -> String {
        let gateway = try Gateway(plan, workplace, data: try workplace.directory(name))
        defer { gateway.stop() }
        _ = try gateway.load(1).post(gateway.prompt(held: true), seconds: 10, count: 1)
        _ = try Life(gateway, connections: 1, seconds: 10, count: 1)
        return gateway.token
    }

    /// Adds jobs to a store that no server has open.
    func fill(_ directory: String, to level: Int) throws(BenchFault) {
        try edit(directory) { file throws(FillFault) in try Fill(path: file).grow(to: level) }
    }

    /// Lets every job that has ended be past its time.
    func expire(_ directory: String) throws(BenchFault) {
        try edit(directory) { file throws(FillFault) in try Fill(path: file).expire() }
    }

    /// Adds due jobs of owners whose budget is spent: of the one whose job is there, and a few of each of as many others.
    func spend(_ directory: String, jobs: Int, owners: Int) throws(BenchFault) {
        try edit(directory) { file throws(FillFault) in try LedgerFill(path: file).spend(jobs: jobs, owners: owners) }
    }

    /// Adds sums of 400 days.
    func sumDays(_ directory: String, to level: Int) throws(BenchFault) {
        try edit(directory) { file throws(FillFault) in try LedgerFill(path: file).sumDays(to: level) }
    }

    /// Copies the one line of the ledger, the sums of its day with it.
    func copyLines(_ directory: String, to level: Int) throws(BenchFault) {
        try edit(directory) { file throws(FillFault) in try LedgerFill(path: file).copyLines(to: level) }
    }

    /// How many jobs there are that have ended.
    func ended(_ directory: String) throws(BenchFault) -> Int {
        try edit(directory) { file throws(FillFault) in try Fill(path: file).ended() }
    }

    private func edit<Answer>(
        _ directory: String,
        _ body: (String) throws(FillFault) -> Answer
    ) throws(BenchFault) -> Answer {
        do {
            let files = try FileManager.default.contentsOfDirectory(atPath: directory).map { "\(directory)/\($0)" }
            guard let file = files.first(where: Self.isDatabase) else {
                throw BenchFault("\(directory) holds no SQLite file.")
            }
            return try body(file)
        } catch {
            throw BenchFault("filling the store: \(error)")
        }
    }

    private static func isDatabase(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        return (try? file.read(upToCount: 15)) == Data("SQLite format 3".utf8)
    }
}
