import GRDB
import SluiceStore
import SluiceTypes

/// The models and tags that sums are told apart by: so many a day and owner, and no more, but for models that somebody has
/// written a price for.
///
/// Callers choose both, each has a row of its own in the sums of a day for good, and its text in the store: nobody can fill it
/// with them.
struct DailyNames: Sendable {
    struct Day: Hashable, Sendable {
        var owner: Int64
        var day: Int64
    }

    private struct Place: Hashable {
        var kind: LedgerName.Kind
        var day: Day
    }

    /// So many are told apart.
    static let most = 200
    /// Of so many owners and days is known which they are; beyond that they are read again.
    private static let mostPlaces = 512

    private var known: [Place: Set<Int64>] = [:]

    subscript(kind: LedgerName.Kind, day: Day) -> Set<Int64>? { known[Place(kind: kind, day: day)] }

    mutating func note(_ names: Set<Int64>, _ kind: LedgerName.Kind, on day: Day) {
        let place = Place(kind: kind, day: day)
        if known.count >= DailyNames.mostPlaces, known[place] == nil { known.removeAll() }
        known[place] = names
    }
}

extension Database {
    /// The number of a model or tag; beyond as many as are told apart it is that of ``UsageTag/others``.
    ///
    /// One that `isKnown` is told apart in any case.
    func number(
        _ kind: LedgerName.Kind,
        _ text: String?,
        on day: DailyNames.Day,
        isKnown: Bool,
        _ state: inout WriterState
    ) throws -> Int64 {
        guard let text else { return 0 }
        var known = try state.dailyNames[kind, day] ?? dailyNames(kind, on: day)
        let stored = try storedNumber(of: LedgerName(kind, text), state)
        if let stored, known.contains(stored) {
            state.dailyNames.note(known, kind, on: day)
            return stored
        }
        guard isKnown || known.count < DailyNames.most else { return try number(kind, UsageTag.others, &state) }
        let number = try number(kind, text, &state)
        known.insert(number)
        state.dailyNames.note(known, kind, on: day)
        return number
    }

    static let tagsOfDaySQL = "SELECT tag FROM usage_day WHERE day = ?1 AND owner = ?2 AND tag <> 0"

    static let modelsOfDaySQL = "SELECT model FROM usage_day WHERE day = ?1 AND owner = ?2"

    private func dailyNames(_ kind: LedgerName.Kind, on day: DailyNames.Day) throws -> Set<Int64> {
        let sql = kind == .tag ? Database.tagsOfDaySQL : Database.modelsOfDaySQL
        return Set(try all(sql, day.day, day.owner) { $0.int64() })
    }
}
