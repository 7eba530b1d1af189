import GRDB
import SluiceStore

extension LedgerSums {
    /// The columns that ``init(_:)`` reads, in their order.
    static let columns = names.joined(separator: ", ")

    /// What adds the row that is to be inserted to the one that is there.
    ///
    /// A sum beyond 64 bits is a floating number, which the bound replaces: it is held as ``most`` says.
    static let additions = names.map { "\($0) = max(min(\($0) + excluded.\($0), \(most)), -\(most))" }
        .joined(separator: ", ")

    private static let names = [
        "priced", "unpriced", "unknown", "input", "cached", "cache_written", "output", "reasoning", "cost", "low",
        "likely",
        "high", "counted",
    ]

    /// Reads the columns, each by `next`.
    init(_ row: inout RowReader, next: (inout RowReader) -> Int64 = { $0.int64() }) {
        self.init()
        (priced, unpriced, unknown) = (next(&row), next(&row), next(&row))
        (input, cached, cacheWritten) = (next(&row), next(&row), next(&row))
        (output, reasoning) = (next(&row), next(&row))
        (cost, low, likely, high, counted) = (next(&row), next(&row), next(&row), next(&row), next(&row))
    }

    /// All columns added up, each within 64 bits.
    static let columnSums = names.map { "sum(\($0)) AS \($0)" }.joined(separator: ", ")

    /// The same for what may go beyond: the upper and the lower half of each.
    static let columnHalves = names.map {
        "sum(\($0) >> 32) AS \($0)_high, sum(\($0) & 4294967295) AS \($0)_low"
    }.joined(separator: ", ")

    /// The columns that ``columnSums`` or ``columnHalves`` name, of `summed`.
    static func summedColumns(_ sums: String) -> String {
        let isHalved = sums == columnHalves
        return names.flatMap { isHalved ? ["summed.\($0)_high", "summed.\($0)_low"] : ["summed.\($0)"] }
            .joined(separator: ", ")
    }
}

extension RowReader {
    /// A sum in two halves, within its bounds.
    mutating func halves() -> Int64 {
        let (high, low) = (Int128(int64()), Int128(int64()))
        return Int64(min(max(high << 32 + low, -Int128(LedgerSums.most)), Int128(LedgerSums.most)))
    }
}
