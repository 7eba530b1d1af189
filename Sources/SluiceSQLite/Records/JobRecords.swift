import SluiceStore
import SluiceTypes

extension JobInput {
    /// Reads `format, body, metadata`.
    init(_ row: inout RowReader) throws {
        self.init(format: try row.word(), body: row.bytes(), metadata: row.optional { $0.bytes() })
    }
}

extension AttemptStart {
    /// Reads `row, credential, config, started_at`.
    init(_ row: inout RowReader) {
        self.init(
            row: row.text(),
            credential: row.optional { $0.text() },
            configHash: row.text(),
            startedAt: row.time()
        )
    }
}

extension Usage {
    /// Reads the three counts; nil where there are none.
    init?(_ row: inout RowReader) {
        let prompt = row.optional { $0.int64() }
        let completion = row.optional { $0.int64() }
        let total = row.optional { $0.int64() }
        guard let prompt, let completion, let total else { return nil }
        self.init(promptTokens: prompt, completionTokens: completion, totalTokens: total)
    }
}

extension AttemptRecord {
    /// The columns that ``init(_:)`` reads, in their order.
    static let columns = """
        epoch, row, credential, config, started_at, outcome, first_byte_at, ended_at, http_status, error_class,
        message, upstream_id, prompt_tokens, completion_tokens, total_tokens, cost
        """

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
        let usage = Usage(&row)
        let cost = row.optional { $0.int64() }
        let report = endedAt.map { endedAt in
            AttemptReport(
                firstByteAt: firstByteAt,
                endedAt: endedAt,
                httpStatus: httpStatus,
                errorClass: errorClass,
                message: message,
                upstreamID: upstreamID,
                usage: usage,
                cost: cost
            )
        }
        self.init(epoch: epoch, start: start, outcome: outcome, report: report)
    }
}

extension JobResult {
    /// The columns that ``init(_:)`` reads, in their order; the text stands with the output of the same epoch.
    static let columns = """
        job_result.epoch, job_result.body, job_output.text, job_result.finish, job_result.prompt_tokens,
        job_result.completion_tokens, job_result.total_tokens, job_result.stored_at
        """

    init(_ row: inout RowReader) {
        self.init(
            epoch: row.int64(),
            body: row.bytes(),
            text: row.text(),
            finish: row.text(),
            usage: Usage(&row),
            storedAt: row.time()
        )
    }
}

extension JobRecord {
    /// The columns that ``init(_:)`` reads, in their order.
    ///
    /// What the attempts tell is added by ``add(_:)``.
    static let columns = """
        \(facts),
        job_input.format IS NOT NULL, job_input.format, job_input.body, job_input.metadata,
        job_result.job IS NOT NULL, \(JobResult.columns)
        """

    /// The columns that ``init(_:)`` reads for a record without bodies.
    static let bareColumns = "\(facts), 0, NULL, NULL, NULL, 0"

    private static let facts = """
        job.id, job.owner, job.token, job.surface, job.type, job.model, job.stream, job.lane, job.state, job.epoch,
        job.failures, job.interrupts, job.on_unknown, job.run_at, job.deferred_since, job.deadline_at, job.created_at,
        job.finished_at, job.expires_at, job.retry_of, job.error_class
        """

    init(_ row: inout RowReader) throws {
        self.init(
            id: try row.jobID(),
            owner: OwnerID(rawValue: row.text()),
            token: row.optional { TokenID(rawValue: $0.text()) },
            surface: try row.word(),
            operation: try row.word(),
            model: row.text(),
            stream: row.bool(),
            lane: try row.word(),
            state: try row.word(),
            epoch: row.int64(),
            failures: row.int(),
            interrupts: row.int(),
            onUnknown: try row.word(),
            runAt: row.time(),
            deferredSince: row.optional { $0.time() },
            deadlineAt: row.optional { $0.time() },
            createdAt: row.time(),
            finishedAt: row.optional { $0.time() },
            expiresAt: row.optional { $0.time() },
            retryOf: try row.optional { row throws in try row.jobID() },
            errorClass: try row.optional { row throws in try row.word(ErrorClass.self) },
            attempts: 0,
            possiblyCharged: false,
            lastAttempt: nil,
            input: nil,
            result: nil
        )
        if row.bool() { input = try JobInput(&row) } else { row.skip(3) }
        if row.bool() { result = JobResult(&row) }
    }

    /// Counts the next attempt, oldest first.
    mutating func add(_ attempt: AttemptRecord) {
        if attempt.outcome != .released { attempts += 1 }
        if attempt.outcome?.isPossiblyCharged == true { possiblyCharged = true }
        lastAttempt = attempt
    }
}
