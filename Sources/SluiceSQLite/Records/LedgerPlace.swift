import SluiceStore
import SluiceTypes

/// Whose a line is and of when, with the numbers of names.
struct LedgerPlace: Hashable, Sendable {
    var owner: Int64
    var token: Int64
    var provider: Int64
    var model: Int64
    var tag: Int64
    var at: Timestamp
    var session: SessionMark?

    /// The sums in which it counts.
    var day: UsageDayKey {
        UsageDayKey(
            owner: owner,
            token: token,
            provider: provider,
            model: model,
            tag: tag,
            day: LedgerKey.day(of: Promise.dayOfStart.holds ? at : .now())
        )
    }
}

extension LedgerPlace {
    /// The columns that ``init(_:)`` reads, in their order.
    static let columns = """
        ledger.owner, ledger.token, ledger.provider, ledger.model, ledger.tag, ledger.at, ledger.session
        """

    init(_ row: inout RowReader) {
        self.init(
            owner: row.int64(),
            token: row.int64(),
            provider: row.int64(),
            model: row.int64(),
            tag: row.int64(),
            at: row.time(),
            session: row.optional { SessionMark(bytes: $0.bytes()) } ?? nil
        )
    }
}
