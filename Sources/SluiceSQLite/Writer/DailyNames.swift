import GRDB
import SluiceStore
import SluiceTypes

/// The names that callers may choose, and which their sums are told apart by: so many a day and owner, and no more.
///
/// Each has a row of its own in the sums of a day for good, and its text in the store: nobody can fill it with them.
struct DailyNames: Sendable {
    enum Kind: Hashable, Sendable {
        case tag
        /// A model without a price.
        case unpriced
    }

    struct Place: Hashable, Sendable {
        var kind: Kind
        var owner: Int64
        var day: Int64
    }

    /// So many are told apart.
    static let most = 200
    /// Of so many owners and days is known which they are; beyond that they are read again.
    private static let mostPlaces = 512

    private var known: [Place: Set<Int64>] = [:]

    subscript(place: Place) -> Set<Int64>? { known[place] }

    mutating func note(_ names: Set<Int64>, at place: Place) {
        if known.count >= DailyNames.mostPlaces, known[place] == nil { known.removeAll() }
        known[place] = names
    }
}

extension Database {
    /// The number of a name that a caller may choose; beyond as many as are told apart it is that of ``UsageTag/others``.
    func number(of name: String?, in place: DailyNames.Place, _ state: inout WriterState) throws -> Int64 {
        guard let name else { return 0 }
        var known = try state.dailyNames[place] ?? dailyNames(of: place)
        let stored = try state.names[name] ?? first("SELECT id FROM name WHERE name = ?1", name) { $0.int64() }
        if let stored, known.contains(stored) {
            state.dailyNames.note(known, at: place)
            return stored
        }
        guard known.count < DailyNames.most else { return try number(of: UsageTag.others, &state) }
        let number = try number(of: name, &state)
        known.insert(number)
        state.dailyNames.note(known, at: place)
        return number
    }

    static let tagsOfDaySQL = """
        SELECT tag FROM usage_day WHERE day = ?1 AND owner = ?2 AND tag <> 0
        """

    static let unpricedOfDaySQL = """
        SELECT model FROM usage_day WHERE day = ?1 AND owner = ?2 AND unpriced > 0
        """

    private func dailyNames(of place: DailyNames.Place) throws -> Set<Int64> {
        let sql = place.kind == .tag ? Database.tagsOfDaySQL : Database.unpricedOfDaySQL
        return Set(try all(sql, place.day, place.owner) { $0.int64() })
    }
}
