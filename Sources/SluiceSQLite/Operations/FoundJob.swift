import GRDB
import SluiceStore
import SluiceTypes

/// What a transition that names a job by its id has to know of it.
struct FoundJob {
    var seq: Int64
    var state: JobState
    var epoch: Int64
    var owner: OwnerID
    var group: JobGroup
    var ancestry: Ancestry?
    /// See ``JobTerms/keepsBodies``.
    var keepsBodies: Duration?
    /// True when what was asked is kept: it was neither deleted nor, by the operator's wish, never recorded.
    var hasInput: Bool
    /// The job that has its idempotency key now.
    var supersededBy: JobID?
}

extension Database {
    /// The job, where `owner` may know of it: every job for nil, else its own with bodies.
    func job(_ id: JobID, owner: OwnerID?) throws -> FoundJob? {
        try first(
            """
            SELECT job.seq, job.state, job.epoch, job.owner, job.lane, job.type, job.request_format, job.route,
                   \(Ancestry.columns),
                   job.keeps_bodies, ifnull(length(job_input.body), 0) > 0, job.superseded_by
            FROM job LEFT JOIN job_input ON job_input.job = job.seq
            WHERE job.id = ?1 AND (?2 IS NULL OR (job.owner = ?2 AND job_input.job IS NOT NULL))
            """,
            id,
            Promise.ownerFence.holds ? owner : nil
        ) { row in
            FoundJob(
                seq: row.int64(),
                state: try row.word(),
                epoch: row.int64(),
                owner: OwnerID(rawValue: row.text()),
                group: JobGroup(
                    lane: try row.word(),
                    operation: try row.word(),
                    format: try row.word(),
                    route: row.text()
                ),
                ancestry: Ancestry(&row),
                keepsBodies: row.optional { .milliseconds($0.int64()) },
                hasInput: row.bool(),
                supersededBy: row.jobIDIfValid()
            )
        }
    }
}
