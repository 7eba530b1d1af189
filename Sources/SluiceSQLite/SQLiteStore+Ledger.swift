package import SluiceStore
package import SluiceTypes

extension SQLiteStore {
    package func lines(of job: JobID) async throws(StoreError) -> [LedgerLine] {
        try await read { db in try db.lines(of: job) }
    }

    package func usage(in days: ClosedRange<Int64>) async throws(StoreError) -> [UsageDay] {
        try await read { db in try db.usage(in: days) }
    }
}
