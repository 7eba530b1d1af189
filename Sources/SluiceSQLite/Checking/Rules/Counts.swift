import SluiceStore
import SluiceTypes

extension CheckRule {
    /// What is kept of how many jobs there are.
    static let counts = [
        CheckRule(
            .ledger,
            "what is kept of how many jobs there are is how many there are",
            """
            WITH counted (state, entry, lane, type, format, route, owner, jobs) AS (
                SELECT state, entry, lane, type, request_format, route, owner, 1 FROM job WHERE state = 'queued'
                UNION ALL SELECT state, entry, lane, type, request_format, route, '', 1 FROM job WHERE state = 'running'
                UNION ALL SELECT state, entry, lane, '', '', '', '', 1 FROM job WHERE state NOT IN ('queued', 'running')
                UNION ALL SELECT state, entry, lane, type, request_format, route, owner, -jobs FROM job_count
            )
            SELECT -1, 'job_count of ' || state || ' ' || lane || ' ' || route || ' ' || owner FROM counted
            GROUP BY state, entry, lane, type, format, route, owner HAVING sum(jobs) <> 0
            """,
            tellsWhat: true
        )
    ]
}
