import GRDB
import SluiceStore
import SluiceTypes

extension SpendingLimits {
    /// The columns that ``init(_:)`` reads, in their order.
    static let columns = """
        limits.rpm, limits.tpm, limits.at_once, limits.queued, limits.queued_bytes, limits.budget, limits.period, limits.strict,
        limits.since, limits.unpriced, limits.trial
        """

    /// - Throws: ``StoreError`` for a word that this version does not know.
    init(_ row: inout RowReader) throws(StoreError) {
        let rates = (row.optional { $0.int64() }, row.optional { $0.int64() }, row.optional { $0.int64() })
        let queue = (row.optional { $0.int64() }, row.optional { $0.int64() })
        let amount = row.optional { $0.int64() }
        let period = row.optional { $0.text() }
        let (isStrict, since) = (row.bool(), row.time())
        let unpriced = row.optional { $0.text() }
        let trial = WordList.words(row.text())
        self.init(
            requestsPerMinute: rates.0,
            tokensPerMinute: rates.1,
            atOnce: rates.2,
            queued: queue.0,
            queuedBytes: queue.1
        )
        if let amount, let period {
            guard let period = BudgetPeriod(period) else { throw SpendingLimits.unknown(period) }
            budget = Budget(amount: amount, period: period, isStrict: isStrict, since: since)
        }
        if let unpriced {
            guard let known = Unpriced(unpriced) else { throw SpendingLimits.unknown(unpriced) }
            self.unpriced = known
        }
        for word in trial {
            guard let kind = Kind(rawValue: String(word)) else { throw SpendingLimits.unknown(String(word)) }
            onTrial.insert(kind)
        }
    }

    private static func unknown(_ word: String) -> StoreError {
        StoreError(.corrupt, "limits hold the word '\(word)', which this version doesn't know")
    }
}

extension Database {
    /// All limits, with those of tokens that share others'.
    func limitRecords() throws -> [LimitRecord] {
        let own = try all("SELECT account, kind, \(SpendingLimits.columns) FROM limits") { row in
            let id = row.text()
            let isToken = row.text() == Database.tokenKind
            let subject = isToken ? LimitSubject.token(TokenID(rawValue: id)) : .owner(OwnerID(rawValue: id))
            return LimitRecord(subject, try SpendingLimits(&row))
        }
        let shared = try all(
            """
            SELECT limits_share.token, limits_share.account, \(SpendingLimits.columns)
            FROM limits_share JOIN limits ON limits.account = limits_share.account
            """
        ) { row in
            let subject = LimitSubject.token(TokenID(rawValue: row.text()))
            let other = TokenID(rawValue: row.text())
            return LimitRecord(subject, try SpendingLimits(&row), sharedWith: other)
        }
        return own + shared
    }

    static let tokenKind = "token"
    static let ownerKind = "owner"
}

extension SpendRecord {
    /// The columns that ``init(_:)`` reads, in their order, of `spend` and of `name`.
    static let columns = "name.name, spend.begins, spend.ends, spend.counted, spend.told"

    init(_ row: inout RowReader) {
        self.init(
            account: row.text(),
            window: BudgetWindow(begin: row.time(), end: row.optional { $0.time() }),
            counted: row.int64(),
            told: row.int()
        )
    }
}
