import GRDB
import SluiceStore
import SluiceTypes

/// The two statements of a walk over the jobs of a state: its owners from the last to the first, and the jobs of one.
struct OpenWalkSQL {
    /// The owner before another one.
    let owner: String
    /// The jobs of an owner, newest first.
    let jobs: String

    /// A walk along the index of the owners' jobs of `state`, which holds no others.
    fileprivate init(_ state: OpenState) {
        let index = "job_owner_\(state.rawValue)"
        owner = """
            SELECT owner FROM job INDEXED BY \(index)
            WHERE state = '\(state.rawValue)' AND owner < ?1
            ORDER BY owner DESC LIMIT 1
            """
        jobs = """
            SELECT id, seq, iif(?9, (SELECT metadata FROM job_input WHERE job_input.job = seq), NULL)
            FROM job INDEXED BY \(index)
            WHERE state = '\(state.rawValue)' AND owner = ?1 AND seq < ?2
                AND (?4 IS NULL OR model = ?4) AND (?5 IS NULL OR type = ?5) AND (?6 IS NULL OR lane = ?6)
                AND (?7 IS NULL OR created_at >= ?7) AND (?8 IS NULL OR created_at < ?8)
            ORDER BY seq DESC LIMIT iif(?9, -1, ?3)
            """
    }
}

extension Database {
    static let openQueued = OpenWalkSQL(.queued)
    static let openRunning = OpenWalkSQL(.running)

    /// A page of the jobs that have not ended, along the indexes that hold no others: one seek for each owner.
    func open(_ query: OpenJobQuery) throws -> OpenJobPage {
        var page = OpenJobPage(limit: query.limit)
        for beginning in query.places {
            var place = beginning
            while page.left > 0 {
                try add(query, behind: place, to: &page)
                guard page.left > 0, let owner = try owner(before: place, of: query) else { break }
                place = OpenJobPlace(place.state, owner: owner, number: .max)
            }
        }
        return page
    }

    /// Adds what fits of an owner's jobs that come behind a place.
    private func add(_ query: OpenJobQuery, behind place: OpenJobPlace, to page: inout OpenJobPage) throws {
        // A page may begin behind the place of somebody else.
        if let owner = query.owner, owner.rawValue != place.owner { return }
        try forEach(
            Database.walk(place.state).jobs,
            place.owner,
            place.number,
            page.left,
            query.model,
            query.operation,
            query.lane,
            query.since,
            query.until,
            !query.metadata.isEmpty
        ) { row in
            let (id, number) = (row.jobIDIfValid(), row.int64())
            guard query.metadata.fits(row.optional { $0.bytes() }) else { return true }
            return page.add(id, at: OpenJobPlace(place.state, owner: place.owner, number: number))
        }
    }

    /// With whom the walk goes on; nil at its end.
    ///
    /// A walk for one owner's jobs has nobody but that one.
    private func owner(before place: OpenJobPlace, of query: OpenJobQuery) throws -> String? {
        if let owner = query.owner?.rawValue { return place.owner == owner ? nil : owner }
        return try first(Database.walk(place.state).owner, place.owner) { $0.text() }
    }

    private static func walk(_ state: OpenState) -> OpenWalkSQL {
        switch state {
        case .queued: openQueued
        case .running: openRunning
        }
    }
}
