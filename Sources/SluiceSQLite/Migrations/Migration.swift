/// One step of the schema.
///
/// Its text runs in one transaction and ends by setting `user_version` to the step's number. What has been released is
/// never changed; a new step follows it.
struct Migration: Sendable {
    /// The schema's version after it.
    let version: Int64
    let sql: String

    /// All steps, in order.
    static let all: [Migration] = [.createTables, .keepTimes]

    /// The version that this program reads and writes.
    static var newest: Int64 { all.last?.version ?? 0 }
}
