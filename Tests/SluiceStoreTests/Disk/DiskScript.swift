import Foundation
import SluiceStore
import SluiceTesting
import SluiceTypes
import Synchronization

@testable import SluiceSQLite

/// A short life of a store on a disk of which one call fails, and what must be true afterwards.
final class DiskScript {
    private let situation: DiskFaultTests.Case
    private let call: Int64?
    private let seed: UInt64
    private var worker: DiskWorker
    var settings = PowerLossRun.restless
    private(set) var losses: [Loss] = []

    /// `call` is the one that fails; nil for none.
    init(_ situation: DiskFaultTests.Case, call: Int64?, seed: UInt64) {
        self.situation = situation
        self.call = call
        self.seed = seed
        worker = DiskWorker(number: 0, seed: seed)
    }

    /// Plays it; answers how many calls the fault could have met.
    ///
    /// - Throws: ``Misbehaviour``, or what the store threw although nothing had failed.
    func run() async throws -> Int64 {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            let disk = Disk(under: directory)
            if let call { disk.fail(call: call, with: situation.fault, lasting: situation.lasts) }
            try await liveWithTheFault(directory, disk)
            let calls = disk.calls(metBy: situation.fault)
            disk.heal()
            // The next process: what it shows must stay, even if the power goes at once.
            let remains = seed &+ UInt64(call ?? 0)
            try await withStore(in: directory, settings: settings) { store in
                losses += try await worker.look(store)
                disk.cut(change: 1, seed: remains)
            }
            disk.restart(seed: remains)
            try await liveOn(directory, BootID(rawValue: "boot 1"))
            return calls
        }
    }

    // MARK: The life with the fault

    private func liveWithTheFault(_ directory: String, _ disk: Disk) async throws {
        let fatal = Mutex(0)
        let store: SQLiteStore
        do {
            store = try await SQLiteStore.open(
                directory: directory,
                mode: .serve,
                retention: .standard,
                settings: settings,
                onFatal: { _ in fatal.withLock { $0 += 1 } }
            )
        } catch {
            guard disk.hasFailed else { throw error }
            return
        }
        let hasStopped: Bool
        do {
            hasStopped = try await work(store, disk)
        } catch {
            await store.close()
            throw error
        }
        let announcements = fatal.withLock { $0 }
        // A process that must stop does not tidy up; another may die too.
        if hasStopped || (call ?? 0).isMultiple(of: 2) { disk.kill() }
        await store.close()
        guard announcements == (hasStopped ? 1 : 0) else {
            throw Misbehaviour("the end was announced \(announcements) times")
        }
    }

    /// Works until something fails, and then on with a disk that is well; true when the store stopped for good.
    private func work(_ store: SQLiteStore, _ disk: Disk) async throws -> Bool {
        let boot = BootID(rawValue: "boot 0")
        let error = try await worker.work(store, boot: boot, steps: 9)
        if let error, !disk.hasFailed { throw error }
        // A full disk can be read.
        if disk.hasFailed, situation.fault == .noSpace { losses += try await worker.look(store) }
        disk.heal()
        // It comes after whatever the writer still had to do.
        let hasStopped = await storeError { () throws(StoreError) in try await store.checkWritable() } != nil
        guard hasStopped == disk.hasLostFlush else {
            throw Misbehaviour(
                hasStopped ? "the store stopped though it need not" : "a flush failed, and the store went on"
            )
        }
        if hasStopped {
            let read = await storeError { () throws(StoreError) in _ = try await store.counts() }
            guard read != nil else { throw Misbehaviour("a store that has stopped told something") }
        } else {
            losses += try await worker.look(store)
            if let error = try await worker.work(store, boot: boot, steps: 4) { throw error }
        }
        return hasStopped
    }

    // MARK: The lives after it

    private func liveOn(_ directory: String, _ boot: BootID) async throws {
        try await withStore(in: directory, settings: settings) { store in
            losses += try await worker.look(store)
            worker.expectRescue()
            _ = try await store.rescue(boot: boot, at: Timestamp(milliseconds: 1_900_000_000_000), limit: 1000)
            worker.noteRescue()
            if let error = try await worker.work(store, boot: boot, steps: 2) { throw error }
        }
    }
}
