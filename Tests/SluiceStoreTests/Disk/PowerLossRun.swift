import Foundation
import GRDB
import SluiceStore
import SluiceTesting
import SluiceTypes

@testable import SluiceSQLite

/// Lives of a store, each ended by a power cut at some write, flush or removal, and what was lost.
///
/// The ledger is the workers'. The same seed cuts at the same calls with the same remains; what the workers' threads do
/// in between is not repeated exactly.
struct PowerLossRun {
    /// What came of it.
    struct Report {
        var cuts = 0
        var acknowledged = 0
        var losses: [Loss] = []

        var lost: Int {
            losses.count { loss in
                guard case .lost = loss else { return false }
                return true
            }
        }

        var sentence: String {
            "\(cuts) power cuts, \(acknowledged) acknowledged, \(lost) lost, \(losses.count - lost) changed"
        }
    }

    let seed: UInt64
    let cuts: Int
    var settings = PowerLossRun.restless
    /// Ends the run with the first life that lost something.
    var stopsEarly = false

    /// Moves the WAL into the database again and again, so that cuts fall there too.
    static var restless: SQLiteSettings {
        var settings = SQLiteSettings.standard
        settings.checkpointPages = 24
        settings.idleCheckpointPages = 4
        settings.walPages = 48
        return settings
    }

    private static let workers = 6
    private static let livesOfADirectory = 12

    func run() async throws -> Report {
        var report = Report()
        var random = SeededRandom(seed: seed)
        while report.cuts < cuts, !(stopsEarly && !report.losses.isEmpty) {
            try await withDirectory { directory in
                try FileManager.default.createDirectory(
                    atPath: directory,
                    withIntermediateDirectories: false,
                    attributes: [.posixPermissions: 0o700]
                )
                try await live(in: directory, &random, &report)
            }
        }
        return report
    }

    private func live(in directory: String, _ random: inout SeededRandom, _ report: inout Report) async throws {
        let disk = Disk(under: directory)
        var workers = (0..<PowerLossRun.workers).map { DiskWorker(number: $0, seed: random.next()) }
        for life in 0..<PowerLossRun.livesOfADirectory where report.cuts < cuts {
            // Some fall into the opening, some into the work, and some come after an orderly end.
            let change =
                random.chance(25) ? Int64.random(in: 1...60, using: &random) : .random(in: 1...1500, using: &random)
            disk.cut(change: change, seed: random.next())
            let boot = BootID(rawValue: "boot \(life)")
            let losses: [Loss]
            do {
                losses = try await liveOnce(in: directory, disk, &workers, boot)
            } catch let error as Misbehaviour {
                losses = [.changed(error.description)]
            }
            disk.restart(seed: random.next())
            report.cuts += 1
            if !losses.isEmpty {
                report.losses += losses
                break
            }
        }
        report.acknowledged += workers.reduce(0) { $0 + $1.acknowledged }
    }

    /// One life: opens the store, compares it with the ledger, works until the cut.
    private func liveOnce(
        in directory: String,
        _ disk: Disk,
        _ workers: inout [DiskWorker],
        _ boot: BootID
    ) async throws -> [Loss] {
        let store: SQLiteStore
        do {
            store = try await SQLiteStore.open(
                directory: directory,
                mode: .serve,
                retention: .standard,
                settings: settings
            )
        } catch {
            return disk.isCut ? [] : [.lost("the store can't be opened: \(error)")]
        }
        let result = await Result { try await use(store, disk, &workers, boot) }
        await store.close()
        return try result.get()
    }

    private func use(
        _ store: SQLiteStore,
        _ disk: Disk,
        _ workers: inout [DiskWorker],
        _ boot: BootID
    ) async throws -> [Loss] {
        do throws(StoreError) {
            let integrity = try await store.read { db in try String.fetchOne(db, sql: "PRAGMA integrity_check") }
            guard integrity == "ok" else { return [.changed("the database is damaged: \(integrity ?? "no answer")")] }
            var losses: [Loss] = []
            for index in workers.indices { losses += try await workers[index].look(store) }
            let known = workers.reduce(0) { $0 + $1.jobs.count }
            let stored = try await store.counts().values.reduce(0, +)
            if stored != known { losses.append(.changed("\(stored) jobs are stored, and \(known) are known")) }
            guard losses.isEmpty else { return losses }
            for index in workers.indices { workers[index].expectRescue() }
            _ = try await store.rescue(boot: boot, at: Timestamp(milliseconds: 1_900_000_000_000), limit: 10_000)
            for index in workers.indices { workers[index].noteRescue() }
        } catch {
            return disk.isCut ? [] : [.lost("the store can't be read: \(error)")]
        }
        return try await work(store, disk, &workers, boot)
    }

    private func work(
        _ store: SQLiteStore,
        _ disk: Disk,
        _ workers: inout [DiskWorker],
        _ boot: BootID
    ) async throws -> [Loss] {
        let before = workers
        let outcomes = await withTaskGroup(of: (Int, DiskWorker, Result<StoreError?, any Error>).self) { group in
            for (index, worker) in before.enumerated() {
                group.addTask {
                    var worker = worker
                    let result = await Result { try await worker.work(store, boot: boot, steps: 40) }
                    return (index, worker, result)
                }
            }
            var outcomes: [(Int, DiskWorker, Result<StoreError?, any Error>)] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        for (index, worker, _) in outcomes { workers[index] = worker }
        for (_, _, result) in outcomes {
            if let error = try result.get(), !disk.isCut { return [.changed("the store failed by itself: \(error)")] }
        }
        return []
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
