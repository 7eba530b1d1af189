import SluiceTypes

/// What lines of the ledger add up to.
///
/// It is held at ±9·10¹⁸, since SQLite's `SUM` fails beyond its range.
package struct LedgerSums: Sendable, Hashable {
    /// Lines by their states.
    package var priced: Int64 = 0
    package var unpriced: Int64 = 0
    package var unknown: Int64 = 0
    /// Tokens read, those of caches included.
    package var input: Int64 = 0
    /// Tokens read from caches.
    package var cached: Int64 = 0
    /// Tokens written into caches.
    package var cacheWritten: Int64 = 0
    /// Tokens written, those of reasoning included.
    package var output: Int64 = 0
    package var reasoning: Int64 = 0
    /// Nano-dollars of priced lines.
    package var cost: Int64 = 0
    /// Nano-dollars of all others: at least, likely, and at most.
    package var low: Int64 = 0
    package var likely: Int64 = 0
    package var high: Int64 = 0
    /// Nano-dollars that budgets see.
    package var counted: Int64 = 0

    /// Nothing.
    package init() {}

    /// What one line adds.
    package init(_ entry: LedgerEntry) {
        switch entry.cost {
        case .priced(let cost):
            priced = 1
            self.cost = cost
        case .unpriced(_, let low):
            unpriced = 1
            (self.low, likely, high) = (low, low, low)
        case .unknown(let low, let likely, let high):
            unknown = 1
            (self.low, self.likely, self.high) = (low, likely, high)
        }
        counted = entry.counted
        guard !entry.cost.isAbsurd else { return }
        let units = entry.units.summed
        input = units[Usage.Unit.input] ?? 0
        cached = units[Usage.Unit.cacheRead] ?? 0
        cacheWritten = LedgerSums.cacheWritten(units)
        output = units[Usage.Unit.output] ?? 0
        reasoning = units[Usage.Unit.reasoning] ?? 0
    }

    /// The general unit where it is told, else what is told for each time that a cache lives.
    private static func cacheWritten(_ units: [String: Int64]) -> Int64 {
        let general = "input.cacheWrite"
        if let whole = units[general] { return whole }
        return units.reduce(0) { sum, unit in
            let rest = unit.key.hasPrefix(general + ".") ? unit.key.dropFirst(general.count + 1) : ""
            return rest.isEmpty || rest.contains(".") ? sum : LedgerSums.add(sum, unit.value)
        }
    }

    /// True where there is nothing to add.
    package var isZero: Bool { self == LedgerSums() }

    package static func + (left: LedgerSums, right: LedgerSums) -> LedgerSums {
        left.combined(with: right) { add($0, $1) }
    }

    package static func - (left: LedgerSums, right: LedgerSums) -> LedgerSums {
        left.combined(with: right) { add($0, -$1) }
    }

    private func combined(with other: LedgerSums, _ add: (Int64, Int64) -> Int64) -> LedgerSums {
        var sums = LedgerSums()
        sums.priced = add(priced, other.priced)
        sums.unpriced = add(unpriced, other.unpriced)
        sums.unknown = add(unknown, other.unknown)
        sums.input = add(input, other.input)
        sums.cached = add(cached, other.cached)
        sums.cacheWritten = add(cacheWritten, other.cacheWritten)
        sums.output = add(output, other.output)
        sums.reasoning = add(reasoning, other.reasoning)
        sums.cost = add(cost, other.cost)
        sums.low = add(low, other.low)
        sums.likely = add(likely, other.likely)
        sums.high = add(high, other.high)
        sums.counted = add(counted, other.counted)
        return sums
    }

    /// The farthest from nothing that a sum goes.
    package static let most: Int64 = 9_000_000_000_000_000_000

    /// Both together, within the bounds of sums.
    package static func add(_ left: Int64, _ right: Int64) -> Int64 {
        Int64(min(max(Int128(left) + Int128(right), -Int128(most)), Int128(most)))
    }
}
