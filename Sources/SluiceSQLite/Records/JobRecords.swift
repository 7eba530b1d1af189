import SluiceStore
import SluiceTypes

extension JobInput {
    /// The columns that ``init(_:)`` reads, in their order.
    static let columns = "job_input.body, job_input.fields, job_input.metadata, job_input.trace"

    init(_ row: inout RowReader) {
        self.init(
            body: row.bytes(),
            fields: row.optional { $0.bytes() },
            metadata: row.optional { $0.bytes() },
            trace: TraceContext(&row)
        )
    }
}

extension TraceContext {
    /// Reads what was kept of a caller's trace; nil where nothing was, or nothing that can be read.
    init?(_ row: inout RowReader) {
        guard let text = row.optional({ String(decoding: $0.bytes(), as: UTF8.self) }) else { return nil }
        self.init(text: text)
    }
}

extension AttemptStart {
    /// The columns that ``init(_:)`` reads, in their order.
    static let columns = """
        job_attempt.row, job_attempt.credential, job_attempt.account, job_attempt.model, job_attempt.config,
        job_attempt.started_at, \(AttemptStake.columns)
        """

    init(_ row: inout RowReader) {
        self.init(
            row: row.text(),
            credential: row.optional { $0.text() },
            account: row.optional { $0.text() },
            model: row.text(),
            configHash: row.text(),
            startedAt: row.time(),
            stake: AttemptStake(&row)
        )
    }
}

extension AttemptStake {
    /// The columns that ``init(_:)`` reads, in their order.
    static let columns = """
        job_attempt.likely_units, job_attempt.high_units, job_attempt.hold, job_attempt.high, job_attempt.unpriced,
        job_attempt.counted
        """

    /// Nil where none is written.
    init?(_ row: inout RowReader) {
        let likely = row.optional { UsageText.units(in: $0.text()) }
        let most = row.optional { UsageText.units(in: $0.text()) }
        let hold = row.optional { $0.int64() }
        let high = row.int64()
        let reason = row.optional { $0.text() }
        let counted = row.int64()
        guard let likely, let most else { return nil }
        let cost = reason.map { Cost.unpriced(reason: $0) } ?? hold.map { .priced(hold: $0, high: high) } ?? .free
        self.init(likely: likely, high: most, cost: cost, counted: counted)
    }

    // As they are written.

    var hold: Int64? { if case .priced(let hold, _) = cost { hold } else { nil } }
    var mostCost: Int64? { if case .priced(_, let high) = cost { high } else { nil } }
    var unpricedReason: String? { if case .unpriced(let reason) = cost { reason } else { nil } }
}

extension AttemptRecord {
    /// The columns that ``init(_:)`` reads, in their order.
    static let columns = """
        job_attempt.epoch, \(AttemptStart.columns), job_attempt.outcome, job_attempt.first_byte_at, job_attempt.ended_at,
        job_attempt.http_status, job_attempt.error_class, job_attempt.message, job_attempt.upstream_id,
        job_attempt.finish_upstream, job_attempt.dropped, job_attempt.rebuilt_turns, ledger.job IS NOT NULL,
        \(LedgerEntry.columns)
        """

    /// The join that gives an attempt's line, where the job is `job`.
    static let line = "LEFT JOIN ledger ON ledger.job = job.id AND ledger.epoch = job_attempt.epoch"

    init(_ row: inout RowReader) throws {
        let epoch = row.int64()
        let start = AttemptStart(&row)
        let outcome = try row.optional { row throws in try row.word(AttemptOutcome.self) }
        let firstByteAt = row.optional { $0.time() }
        let endedAt = row.optional { $0.time() }
        let httpStatus = row.optional { $0.int() }
        let errorClass = try row.optional { row throws in try row.word(ErrorClass.self) }
        let message = row.optional { $0.text() }
        let upstreamID = row.optional { $0.text() }
        let finishUpstream = row.optional { $0.text() }
        let dropped = row.optional { DroppedText.names(in: $0.text()) } ?? []
        let rebuiltTurns = row.optional { $0.int() }
        var entry: LedgerEntry?
        if row.bool() { entry = try LedgerEntry(&row) } else { row.skip(LedgerEntry.columnCount) }
        let report = endedAt.map { endedAt in
            AttemptReport(
                firstByteAt: firstByteAt,
                endedAt: endedAt,
                httpStatus: httpStatus,
                errorClass: errorClass,
                message: message,
                upstreamID: upstreamID,
                finishUpstream: finishUpstream,
                dropped: dropped,
                rebuiltTurns: rebuiltTurns,
                entry: entry
            )
        }
        self.init(epoch: epoch, start: start, outcome: outcome, report: report)
    }
}

extension JobResult {
    /// The columns that ``init(_:)`` reads, in their order; the text stands with the output of the same epoch.
    static let columns = "job_result.epoch, job_result.body, job_output.text, job_result.finish, job_result.stored_at"

    /// Without its usage, which stands with the attempt.
    init(_ row: inout RowReader) {
        self.init(
            epoch: row.int64(),
            body: row.bytes(),
            text: row.text(),
            finish: row.text(),
            storedAt: row.time()
        )
    }
}

extension JobRecord {
    /// The columns that ``init(_:)`` reads, in their order.
    ///
    /// What the attempts tell is added by ``add(_:)``.
    static let columns = """
        \(row), job_input.job IS NOT NULL, \(JobInput.columns), job_result.job IS NOT NULL, \(JobResult.columns)
        """

    /// The columns that ``init(_:)`` reads for a record without bodies.
    static let bareColumns = "\(row), 0, NULL, NULL, NULL, NULL, 0"

    private static let row = """
        \(JobFacts.columns), job.state, job.epoch, job.failures, job.interrupts, job.run_at, job.deferred_since,
        job.deadline_at, job.finished_at, job.expires_at, job.bodies_until, job.superseded_by, job.error_class
        """

    /// - Throws: ``StoreError`` for a word that this version does not know.
    init(_ row: inout RowReader) throws(StoreError) {
        self.init(
            try JobFacts(&row),
            state: try row.word(),
            epoch: row.int64(),
            failures: row.int(),
            interrupts: row.int(),
            runAt: row.time(),
            deferredSince: row.optional { $0.time() },
            deadlineAt: row.optional { $0.time() },
            finishedAt: row.optional { $0.time() },
            expiresAt: row.optional { $0.time() },
            bodiesUntil: row.optional { $0.time() },
            supersededBy: row.jobIDIfValid(),
            errorClass: try row.optional { row throws(StoreError) in try row.word(ErrorClass.self) },
            input: nil,
            result: nil
        )
        if row.bool() { input = JobInput(&row) } else { row.skip(4) }
        if row.bool() { result = JobResult(&row) }
    }
}
