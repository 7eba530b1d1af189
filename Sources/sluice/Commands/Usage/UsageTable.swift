import SluiceJSON

/// What was used and what it cost, for people and for spreadsheets.
struct UsageTable {
    /// What was looked for.
    enum Kind {
        case all, unpriced, possiblyCharged

        /// The state of calls that a sum must have, as the server is asked for it.
        var wanted: String? {
            switch self {
            case .all: nil
            case .unpriced: "unpriced"
            case .possiblyCharged: "unknown"
            }
        }

        fileprivate var whenEmpty: String {
            switch self {
            case .all: "Nothing was used in that time."
            case .unpriced: "All that was used in that time has a price."
            case .possiblyCharged: "All that was used in that time is known."
            }
        }

        /// What to do about it.
        fileprivate var advice: String? {
            switch self {
            case .all: nil
            case .unpriced:
                "A price for what comes next: sluice price set MODEL --provider PROVIDER --input USD --output USD, a million tokens."
            case .possiblyCharged:
                "The cost of these lies between LOW and HIGH. --drain-cancelled of sluice serve waits for the usage of calls hung up on."
            }
        }
    }

    private let root: JSONValue
    private let parts: [String]
    private let kind: Kind

    init(_ root: JSONValue, parts: [String], _ kind: Kind) {
        self.root = root
        self.parts = parts
        self.kind = kind
    }

    private var rows: [JSONValue] { root[key: "usage"]?.elements ?? [] }

    func show(isWide: Bool) throws {
        let headings = parts.map { $0.uppercased() }
        let figures = ["CALLS", "UNPRICED", "UNKNOWN", "INPUT", "CACHED", "OUTPUT", "USD", "LOW", "HIGH"]
        var table = Table(headings + figures, wide: ["CACHED", "LOW", "HIGH"], rigid: Set(figures))
        for row in rows { table.add(parts.map { Cell.text(row[key: $0]) } + self.figures(row)) }
        if rows.count > 1, let total = root[key: "total"] {
            table.add(parts.indices.map { $0 == 0 ? "total" : "" } + self.figures(total))
        }
        try table.show(whenEmpty: kind.whenEmpty, isWide: isWide)
        if let advice = kind.advice, !rows.isEmpty { Console.note(advice) }
    }

    private func figures(_ row: JSONValue) -> [String] {
        ["calls", "unpriced", "unknown", "input", "cached", "output", "costUSD", "lowUSD", "highUSD"]
            .map { Cell.text(row[key: $0]) }
    }

    // MARK: For spreadsheets

    /// The columns that each file has, and what they are called in an answer.
    private static let columns = [
        ("day", "day"), ("provider", "provider"), ("model", "model"), ("calls", "calls"), ("priced", "priced"),
        ("unpriced", "unpriced"), ("unknown", "unknown"), ("input", "input"), ("cached", "cached"),
        ("cache_written", "cacheWritten"), ("output", "output"), ("reasoning", "reasoning"), ("cost_usd", "costUSD"),
        ("low_usd", "lowUSD"), ("likely_usd", "likelyUSD"), ("high_usd", "highUSD"),
    ]

    private static let standing = ["day", "provider", "model"]

    /// What sums are told apart by: what each file is, and what was asked for besides.
    static func csvParts(with by: String?) -> String {
        let more = (by ?? "").split(separator: ",").map(String.init).filter { !standing.contains($0) }
        return (standing + more).joined(separator: ",")
    }

    func printCSV() throws {
        let more = parts.filter { !UsageTable.standing.contains($0) }
        try Console.print((UsageTable.columns.map(\.0) + more).joined(separator: ","))
        for row in rows {
            let cells = (UsageTable.columns.map(\.1) + more).map { CSV.field(Cell.text(row[key: $0], none: "")) }
            try Console.print(cells.joined(separator: ","))
        }
    }
}
