import SluiceStore

extension CheckRule {
    /// What an attempt used is in the ledger once, and in the sums of its day.
    static let ledger = [
        CheckRule(
            .ledger,
            "an attempt that may have used something has its line",
            """
            SELECT DISTINCT job_attempt.job FROM job_attempt JOIN job ON job.seq = job_attempt.job
            WHERE job_attempt.outcome IN (\(charged))
                  AND job_attempt.started_at >= (SELECT ledger_from FROM meta) * 86400000
                  AND NOT EXISTS (SELECT 1 FROM ledger WHERE ledger.job = job.id AND ledger.epoch = job_attempt.epoch)
            """
        ),
        CheckRule(
            .ledger,
            "the sums of a day are those of its lines, as long as all of these are there",
            """
            WITH whole (owner, token, provider, model, tag, day, is_held, priced, unpriced, unknown, input, output, cost, counted) AS (
                SELECT owner, token, provider, model, tag, at / 86400000, 0, state = 'priced', state = 'unpriced',
                       state = 'unknown',
                       iif(reason IS '\(LedgerCost.absurd)', 0, ifnull(units ->> '$."input"', 0)),
                       iif(reason IS '\(LedgerCost.absurd)', 0, ifnull(units ->> '$."output"', 0)), ifnull(cost, 0), counted
                FROM ledger WHERE at >= (SELECT ledger_from FROM meta) * 86400000
                UNION ALL
                SELECT owner, token, provider, model, tag, day, \(LedgerSums.most) IN (abs(input), abs(output), abs(cost), abs(counted)),
                       -priced, -unpriced, -unknown, -input, -output, -cost, -counted
                FROM usage_day WHERE day >= (SELECT ledger_from FROM meta)
            )
            SELECT -day, 'usage_day ' || date(day * 86400, 'unixepoch') FROM whole
            GROUP BY owner, token, provider, model, tag, day
            HAVING max(is_held) = 0
                   AND (sum(priced) <> 0 OR sum(unpriced) <> 0 OR sum(unknown) <> 0 OR \(differs("input"))
                        OR \(differs("output")) OR \(differs("cost")) OR \(differs("counted")))
            """,
            tellsWhat: true
        ),
        CheckRule(
            .ledger,
            "what was spent of a budget is what its lines have counted",
            """
            WITH shared (token, account) AS (
                SELECT sharer.id, root.id FROM limits_share JOIN name AS sharer
                ON sharer.kind = 'account' AND sharer.name = limits_share.token
                JOIN name AS root ON root.kind = 'account' AND root.name = limits_share.account
            ), line (account, at, counted) AS (
                SELECT owner, at, counted FROM ledger
                UNION ALL SELECT token, at, counted FROM ledger WHERE token <> 0
                UNION ALL SELECT shared.account, at, counted FROM ledger JOIN shared ON shared.token = ledger.token
            ), lines (account, begins, counted) AS (
                SELECT spend.account, spend.begins, line.counted FROM line CROSS JOIN spend
                ON spend.account = line.account AND line.at >= spend.begins AND (spend.ends IS NULL OR line.at < spend.ends)
                UNION ALL
                SELECT account, begins, purged - counted FROM spend
            )
            SELECT -1, 'spend of ' || ifnull((SELECT name FROM name WHERE id = account), account) FROM lines
            GROUP BY account, begins
            HAVING \(differs("counted"))
                   AND (SELECT abs(counted) FROM spend
                        WHERE spend.account = lines.account AND spend.begins = lines.begins) <> \(LedgerSums.most)
            """,
            tellsWhat: true
        ),
        CheckRule(
            .ledger,
            "what is kept of an owner's queue, and a token's, is what waits",
            """
            WITH waiting (account, jobs, bytes) AS (
                SELECT owner, 1, input_bytes FROM job WHERE state = 'queued'
                UNION ALL SELECT token, 1, input_bytes FROM job WHERE state = 'queued' AND token IS NOT NULL
                UNION ALL SELECT account, -jobs, -bytes FROM queue_size
            )
            SELECT -1, 'queue_size of ' || account FROM waiting GROUP BY account HAVING sum(jobs) <> 0 OR sum(bytes) <> 0
            """,
            tellsWhat: true
        ),
        CheckRule(
            .ledger,
            "a line's state and its money agree",
            """
            SELECT \(job) FROM ledger
            WHERE (state = 'priced') <> (cost IS NOT NULL) OR (state = 'unpriced') <> (reason IS NOT NULL)
                  OR (state = 'priced') <> (low IS NULL) OR (state = 'unknown') <> (likely IS NOT NULL)
                  OR (state = 'unknown') <> (high IS NOT NULL)
                  OR (state = 'unknown' AND (low > likely OR likely > high))
            """
        ),
        CheckRule(
            .ledger,
            "a line names its owner, its provider and its model",
            """
            SELECT \(job) FROM ledger
            WHERE owner NOT IN (SELECT id FROM name WHERE kind = 'account')
                  OR provider NOT IN (SELECT id FROM name WHERE kind = 'provider')
                  OR model NOT IN (SELECT id FROM name WHERE kind = 'model')
                  OR (token <> 0 AND token NOT IN (SELECT id FROM name WHERE kind = 'account'))
                  OR (tag <> 0 AND tag NOT IN (SELECT id FROM name WHERE kind = 'tag'))
            """
        ),
        CheckRule(
            .ledger,
            "a line that was priced anew costs what the last of these runs said",
            """
            SELECT \(job) FROM ledger_change JOIN ledger USING (job, epoch)
            WHERE run = (SELECT max(run) FROM ledger_change AS other WHERE other.job = ledger.job AND other.epoch = ledger.epoch)
                  AND (new_state, new_cost, new_low, new_likely, new_high, new_counted)
                      IS NOT (ledger.state, ledger.cost, ledger.low, ledger.likely, ledger.high, ledger.counted)
            """
        ),
        CheckRule(
            .ledger,
            "what was changed in a line has its run, and its line",
            """
            SELECT ifnull((SELECT seq FROM job WHERE job.id = ledger_change.job), -1) FROM ledger_change
            WHERE run NOT IN (SELECT id FROM ledger_run)
                  OR NOT EXISTS (SELECT 1 FROM ledger WHERE ledger.job = ledger_change.job AND ledger.epoch = ledger_change.epoch)
            """
        ),
    ]

    /// Whether a column does not add up to nothing: in two halves, since `sum` fails beyond 64 bits.
    private static func differs(_ column: String) -> String {
        "sum(\(column) >> 32) * 4294967296 + sum(\(column) & 4294967295) <> 0"
    }

    /// The number of a line's job; -1 where that was purged.
    static let job = "ifnull((SELECT seq FROM job WHERE job.id = ledger.job), -1)"

    private static let charged = ["ok", "unknown", "late", "cancelled", "interrupted"].map { "'\($0)'" }
        .joined(separator: ", ")
}
