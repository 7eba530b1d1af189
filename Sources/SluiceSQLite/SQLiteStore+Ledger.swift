package import SluiceStore
package import SluiceTypes

extension SQLiteStore {
    package func lines(of job: JobID) async throws(StoreError) -> [LedgerLine] {
        try await read { db in try db.lines(of: job) }
    }

    package func lines(since moment: Timestamp, limit: Int) async throws(StoreError) -> [LedgerLine] {
        try await read { db in try db.lines(since: moment, limit: limit) }
    }

    package func usage(_ query: UsageQuery) async throws(StoreError) -> [UsageSum] {
        try await read { db in try db.usage(query) }
    }
}
