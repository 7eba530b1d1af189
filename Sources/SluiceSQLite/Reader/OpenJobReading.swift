import GRDB
import SluiceStore
import SluiceTypes

/// The two statements of a walk over the jobs of a state: its keys from the last to the first, and the jobs of one.
struct OpenWalkSQL {
    /// The key before another one.
    let key: String
    /// The jobs of a key, newest first.
    let jobs: String

    /// A walk along `index`, which begins with `column` and holds the jobs of `state` alone.
    fileprivate init(_ state: OpenState, along index: String, by column: String) {
        key = """
            SELECT \(column) FROM job INDEXED BY \(index)
            WHERE state = '\(state.rawValue)' AND \(column) < ?1
            ORDER BY \(column) DESC LIMIT 1
            """
        jobs = """
            SELECT id, seq FROM job INDEXED BY \(index)
            WHERE state = '\(state.rawValue)' AND \(column) = ?1 AND seq < ?2 AND (?4 IS NULL OR owner = ?4)
                AND (?5 IS NULL OR model = ?5) AND (?6 IS NULL OR type = ?6) AND (?7 IS NULL OR lane = ?7)
                AND (?8 IS NULL OR created_at >= ?8) AND (?9 IS NULL OR created_at < ?9)
            ORDER BY seq DESC LIMIT ?3
            """
    }
}

extension Database {
    static let openQueued = OpenWalkSQL(.queued, along: "job_owner_queued", by: "owner")
    static let openRunning = OpenWalkSQL(.running, along: "job_running", by: "boot")

    /// A page of the jobs that have not ended, along the indexes that hold no others: one seek for each key.
    func open(_ query: OpenJobQuery) throws -> OpenJobPage {
        var page = OpenJobPage(limit: query.limit)
        for beginning in query.places {
            var place = beginning
            while page.left > 0 {
                try add(query, behind: place, to: &page)
                guard page.left > 0, let key = try key(before: place, of: query) else { break }
                place = OpenJobPlace(place.state, key: key, number: .max)
            }
        }
        return page
    }

    /// Adds what fits of the jobs that have the key of a place, and come behind it.
    private func add(_ query: OpenJobQuery, behind place: OpenJobPlace, to page: inout OpenJobPage) throws {
        try forEach(
            Database.walk(place.state).jobs,
            place.key,
            place.number,
            page.left,
            query.owner,
            query.model,
            query.operation,
            query.lane,
            query.since,
            query.until
        ) { row in
            page.add(row.jobIDIfValid(), at: OpenJobPlace(place.state, key: place.key, number: row.int64()))
        }
    }

    /// Where the walk goes on; nil at its end.
    ///
    /// A walk for one owner's queued jobs has no key but that one.
    private func key(before place: OpenJobPlace, of query: OpenJobQuery) throws -> String? {
        if place.state == .queued, let owner = query.owner?.rawValue { return place.key == owner ? nil : owner }
        return try first(Database.walk(place.state).key, place.key) { $0.text() }
    }

    private static func walk(_ state: OpenState) -> OpenWalkSQL {
        switch state {
        case .queued: openQueued
        case .running: openRunning
        }
    }
}
