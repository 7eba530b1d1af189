import GRDB
import SluiceStore
import SluiceTypes

// What a job came in as: written once, read by these columns.

extension Database {
    /// Inserts the hot row of a job; returns its number.
    func insert(
        _ job: NewJob,
        as state: JobState,
        epoch: Int64,
        boot: BootID?,
        retryOf: JobID?
    ) throws -> Int64 {
        try run(
            """
            INSERT INTO job (id, owner, token, surface, entry, type, model, route, request_format, stream, session, tag, lane,
                             tries, on_unknown, created_at, retry_of, state, epoch, run_at, boot, deadline_at,
                             fingerprint, time_given, keeps_bodies, previous, thread, depth, size_input, size_most_input,
                             size_most_output, size_answers, size_searches, input_bytes)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
                    ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34)
            """,
            job.id,
            job.owner,
            job.token,
            job.surface,
            job.terms.entry,
            job.operation,
            job.model,
            job.facts.route,
            job.format,
            job.stream,
            job.terms.session,
            job.terms.tag,
            job.lane,
            job.terms.tries,
            job.onUnknown,
            job.createdAt,
            retryOf,
            state,
            epoch,
            job.runAt,
            boot,
            job.deadlineAt,
            job.fingerprint,
            job.timeGiven.map(\.milliseconds),
            job.terms.keepsBodies.map(\.milliseconds),
            job.ancestry?.previous,
            job.ancestry?.thread,
            job.ancestry?.depth,
            job.facts.size.input,
            job.facts.size.mostInput,
            job.facts.size.mostOutput,
            job.facts.size.answers,
            job.facts.size.searches,
            job.input.byteCount
        )
        return lastInsertedRowID
    }
}

extension JobFacts {
    /// The columns that ``init(_:)`` reads, in their order.
    static let columns = """
        job.id, job.owner, job.token, job.type, job.model, job.route, job.surface, job.entry, job.request_format,
        job.stream, job.session, job.tag, job.lane, job.tries, job.on_unknown, job.retry_of, job.keeps_bodies, \(RequestSize.columns),
        \(Ancestry.columns), job.created_at, job.redriven_at
        """

    /// - Throws: ``StoreError`` for a word that this version does not know.
    init(_ row: inout RowReader) throws(StoreError) {
        self.init(
            id: try row.jobID(),
            owner: OwnerID(rawValue: row.text()),
            token: row.optional { TokenID(rawValue: $0.text()) },
            operation: try row.word(),
            model: row.text(),
            route: row.text(),
            terms: JobTerms(
                surface: try row.word(),
                entry: try row.word(),
                format: try row.word(),
                stream: row.bool(),
                session: row.optional { $0.text() },
                tag: row.optional { $0.text() },
                lane: try row.word(),
                tries: row.int(),
                onUnknown: try row.word(),
                retryOf: row.jobIDIfValid(),
                keepsBodies: row.optional { .milliseconds($0.int64()) }
            ),
            size: RequestSize(&row),
            ancestry: Ancestry(&row),
            createdAt: row.time(),
            redrivenAt: row.optional { $0.time() }
        )
    }
}

extension RequestSize {
    /// The columns that ``init(_:)`` reads, in their order.
    static let columns =
        "job.size_input, job.size_most_input, job.size_most_output, job.size_answers, job.size_searches"

    init(_ row: inout RowReader) {
        self.init(
            input: row.int64(),
            mostInput: row.int64(),
            mostOutput: row.optional { $0.int64() },
            answers: row.int64(),
            searches: row.int64()
        )
    }
}

extension Ancestry {
    /// The columns that ``init(_:)`` reads, in their order.
    static let columns = "job.previous, job.thread, job.depth"

    /// Nil for a job that continues none.
    init?(_ row: inout RowReader) {
        let (previous, thread, depth) = (row.jobIDIfValid(), row.jobIDIfValid(), row.int())
        guard let previous, let thread else { return nil }
        self.init(previous: previous, thread: thread, depth: depth)
    }
}
