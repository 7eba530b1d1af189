/// The schema, as one step from nothing.
///
/// Until the first release it is folded: each change of it is a change of this one text under a new number, and a store of
/// another number is refused.
struct Migration: Sendable {
    /// The schema's version after it, which its text sets as `user_version`.
    let version: Int64
    let sql: String

    /// The version that this program reads and writes.
    static let current = createTables
}
