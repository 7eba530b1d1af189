import GRDB
package import SluiceStore

extension SQLiteStore: SnapshotStore {
    package func check() async throws(StoreError) -> CheckReport {
        if let broken { throw broken }
        return try await longReads.perform { read in try read.snapshot(Checker.report) }.get()
    }
}
