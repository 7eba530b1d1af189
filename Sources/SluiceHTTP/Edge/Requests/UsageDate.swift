import SluiceStore
import SluiceTypes

/// Days as callers write them, in UTC: `2026-10-31`.
enum UsageDate {
    static let rule = "must be a day as in 2026-10-31"

    /// In days since 1970; nil for what is no day.
    static func day(_ text: String) -> Int64? {
        guard text.utf8.count == 10 else { return nil }
        return Timestamp(rfc3339: text + "T00:00:00Z").map { LedgerKey.day(of: $0) }
    }

    static func text(_ day: Int64) -> String {
        String(Timestamp(milliseconds: day * 86_400_000).description.prefix(10))
    }
}
