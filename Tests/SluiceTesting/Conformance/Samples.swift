import SluiceStore
import SluiceTypes

extension Timestamp {
    /// So many seconds into the time in which the checks play.
    static func at(_ seconds: Double) -> Timestamp {
        Timestamp(milliseconds: 1_900_000_000_000 + Int64(seconds * 1000))
    }
}

extension TraceContext {
    static func sample(isSampled: Bool = true, state: String? = nil) -> TraceContext? {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-\(isSampled ? "01" : "00")"
        return TraceContext(parents: [parent], states: state.map { [$0] } ?? [])
    }
}

extension BootID {
    static let first = BootID(rawValue: "0000000000000001")
    static let second = BootID(rawValue: "0000000000000002")
}

extension OwnerID {
    static let ada = OwnerID(rawValue: "ada")
    static let bob = OwnerID(rawValue: "bob")
}

extension JobGroup {
    static let standard = JobGroup(lane: .interactive, operation: .chat, route: "gpt")
}

extension NewJob {
    /// A job made at `seconds`, due at once unless told otherwise.
    static func sample(
        _ owner: OwnerID = .ada,
        at seconds: Double = 0,
        model: String = "gpt",
        isBound: Bool = false,
        lane: Lane = .interactive,
        operation: Operation = .chat,
        onUnknown: OnUnknown = .retry,
        dueAt: Timestamp? = nil,
        deadlineAt: Timestamp? = nil,
        key: String? = nil,
        fingerprint: UInt8 = 1
    ) -> NewJob {
        NewJob(
            .asked(by: owner, operation, model: model, isBound: isBound),
            id: .generate(at: .at(seconds)),
            terms: JobTerms(surface: .prompt, format: .prompt, lane: lane, onUnknown: onUnknown),
            createdAt: .at(seconds),
            runAt: dueAt ?? .at(seconds),
            deadlineAt: deadlineAt,
            fingerprint: Array(repeating: fingerprint, count: 32),
            idempotencyKey: key,
            input: JobInput(body: Array(#"{"prompt":"Hi"}"#.utf8))
        )
    }
}

extension NewJob {
    /// A job that continues another, made at `seconds`.
    static func sample(
        continuing previous: JobRecord,
        at seconds: Double = 5,
        dueAt: Timestamp? = nil,
        key: String? = nil
    ) -> NewJob {
        var job = NewJob.sample(previous.owner, at: seconds, dueAt: dueAt, key: key)
        job.facts.ancestry = Ancestry(continuing: previous)
        return job
    }

    /// A job whose body has so many bytes.
    static func large(at seconds: Double, _ bytes: Int) -> NewJob {
        var job = NewJob.sample(at: seconds)
        job.input.body = Array(repeating: 32, count: bytes)
        return job
    }
}

extension AttemptStart {
    static func sample(_ row: String = "alpha", at moment: Timestamp = .at(1)) -> AttemptStart {
        let hash = String(repeating: "0123456789abcdef", count: 4)
        return AttemptStart(
            row: row,
            credential: "main",
            account: String(repeating: "a1", count: 16),
            model: "gpt of \(row)",
            configHash: hash,
            startedAt: moment,
            stake: .sample
        )
    }
}

extension AttemptStake {
    /// What a call may cost of which something is known.
    static let sample = AttemptStake(
        likely: ["input": 3, "output": 40],
        high: ["input": 30, "output": 400],
        cost: .priced(hold: 43, high: 430),
        counted: 43
    )
}

extension ClaimRequest {
    /// A request with a place at each of `rows`.
    static func sample(
        _ group: JobGroup = .standard,
        now: Timestamp = .at(1),
        boot: BootID = .first,
        rows: [String] = ["alpha"],
        alternates: [String] = []
    ) -> ClaimRequest {
        ClaimRequest(
            group: group,
            boot: boot,
            now: now,
            starts: rows.map { .sample($0, at: now) },
            alternates: alternates.map { .sample($0, at: now) }
        )
    }
}

extension AttemptReport {
    /// A report with every field set.
    static func sample(at moment: Timestamp = .at(2), _ errorClass: ErrorClass? = nil) -> AttemptReport {
        var entry = LedgerEntry(
            told: Usage(
                units: [Usage.Unit.input: 11, Usage.Unit.output: 7, "pages": 2],
                raw: Array(#"{"prompt_tokens":11}"#.utf8)
            )
        )
        // Another one at each moment, so that it shows which one is kept.
        entry.cost = .priced(moment.milliseconds / 1000 % 1000)
        entry.counted = moment.milliseconds / 1000 % 1000
        return AttemptReport(
            firstByteAt: moment.adding(.milliseconds(-5)),
            endedAt: moment,
            httpStatus: errorClass == nil ? 200 : 503,
            errorClass: errorClass,
            message: errorClass.map { "it was \($0)" },
            upstreamID: "chatcmpl-1",
            finishUpstream: errorClass == nil ? "end_turn" : nil,
            dropped: ["logit_bias", "tools[1].\"é\""],
            rebuiltTurns: 3,
            entry: entry
        )
    }
}

extension Success {
    static func sample(at moment: Timestamp = .at(2), text: String = "Hello") -> Success {
        Success(
            report: .sample(at: moment),
            output: AttemptOutput(log: Array("log of \(text)".utf8), text: text, complete: true),
            body: Array(#"{"text":"\#(text)"}"#.utf8),
            finish: "stop"
        )
    }

    /// What is stored of it.
    func result(epoch: Int64) -> JobResult {
        JobResult(
            epoch: epoch,
            body: body,
            text: output.text,
            finish: finish,
            usage: report.entry?.usage,
            storedAt: report.endedAt
        )
    }
}

extension Failure {
    /// A failure that counts and is tried again at `retryAt`.
    static func sample(
        at moment: Timestamp = .at(2),
        _ errorClass: ErrorClass? = .server,
        unknown: Bool = false,
        counts: Bool = true,
        retryAt: Timestamp? = .at(10)
    ) -> Failure {
        Failure(
            report: .sample(at: moment, errorClass),
            output: AttemptOutput(log: [1, 2], text: "Hel", complete: false),
            outcomeIsUnknown: unknown,
            counts: counts,
            retryAt: retryAt
        )
    }
}

extension Setback {
    static func sample(
        at moment: Timestamp = .at(2),
        _ errorClass: ErrorClass = .server,
        isDeferral: Bool = false
    ) -> Setback {
        Setback(
            report: .sample(at: moment, errorClass),
            output: AttemptOutput(log: [1, 2], text: "Hel", complete: false),
            isDeferral: isDeferral
        )
    }
}

extension Subject {
    /// Submits a job and expects a new one.
    @discardableResult
    func queue(_ job: NewJob = .sample(), fileID: String = #fileID, line: Int = #line) async throws -> JobID {
        try expectEqual(try await submit(job), .created(job.id), "the submission", fileID: fileID, line: line)
        return job.id
    }

    /// Claims and expects exactly one job.
    func claimOne(
        _ request: ClaimRequest = .sample(),
        fileID: String = #fileID,
        line: Int = #line
    ) async throws -> ClaimedJob {
        let jobs = try await claim(request).jobs
        guard let job = jobs.first, jobs.count == 1 else {
            throw ConformanceFailure("\(jobs.count) jobs were claimed, and should be 1", fileID, line)
        }
        return job
    }

    /// Starts a job at once and expects its claim.
    func start(
        _ job: NewJob = .sample(),
        boot: BootID = .first,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws -> ClaimedJob {
        guard case .started(let claim) = try await submitRunning(job, boot: boot) else {
            throw ConformanceFailure("a new job was not started", fileID, line)
        }
        return claim
    }

    /// A job that died of its first failure at second 2.
    func dead(_ job: NewJob = .sample(), fileID: String = #fileID, line: Int = #line) async throws -> JobID {
        let claim = try await start(job, fileID: fileID, line: line)
        let answer = await fail(claim, .sample(.invalidRequest, counts: false, retryAt: nil))
        try expectEqual(answer, .settled(.dead, runAt: nil), "the settlement", fileID: fileID, line: line)
        return claim.id
    }

    /// A job that continues another, and succeeded at second 2.
    func succeeded(continuing previous: JobID) async throws -> JobID {
        try await succeeded(.sample(continuing: try await record(previous)))
    }

    /// A job that succeeded at second 2.
    func succeeded(_ job: NewJob = .sample(), fileID: String = #fileID, line: Int = #line) async throws -> JobID {
        let claim = try await start(job, fileID: fileID, line: line)
        let answer = await succeed(claim, .sample())
        try expectEqual(answer, .settled(.succeeded, runAt: nil), "the settlement", fileID: fileID, line: line)
        return claim.id
    }
}
