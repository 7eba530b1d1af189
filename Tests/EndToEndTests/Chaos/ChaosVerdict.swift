/// What a run of the chaos came to: its history held against the table of `docs/jobs.md`, in which nothing of the gateway's code is
/// known.
struct ChaosVerdict: Sendable {
    /// What contradicts what.
    enum Kind: String, Sendable, CaseIterable {
        /// Acknowledged, and not found, or never ended.
        case lost
        /// Asked again of a provider though it was answered, or may have been as often as it allows.
        case paidTwice = "paid twice"
        /// Dead, though another attempt could still have answered it.
        case deadTooSoon = "dead too soon"
        /// Said to be a failure of the job, though it was none of its own.
        case counted
        /// One job's probes failed twice in a row, while others waited.
        case probedAgain = "probed again"
        /// Failed for another's sake.
        case harmed
        /// Anything else that must not be.
        case wrong
    }

    struct Fault: Sendable, CustomStringConvertible {
        var kind: Kind
        /// The number of the prompt; 0 for none.
        var prompt: Int
        var sentence: String

        var description: String { "\(kind.rawValue): prompt \(prompt): \(sentence)" }
    }

    let history: ChaosHistory
    private(set) var faults: [Fault] = []
    /// Each prompt's calls, in order.
    let calls: [Int: [ChaosCall]]
    let outages: ChaosOutages

    init(_ history: ChaosHistory) {
        self.history = history
        calls = Dictionary(grouping: history.calls.sorted { $0.at < $1.at }, by: \.prompt)
        outages = ChaosOutages(history)
        judgePayments()
        judgeJobs()
        judgeAnswers()
        judgeProbes()
    }

    mutating func note(_ kind: Kind, _ prompt: Int, _ sentence: String) {
        faults.append(Fault(kind: kind, prompt: prompt, sentence: sentence))
    }

    func count(_ kind: Kind) -> Int { faults.count { $0.kind == kind } }

    // MARK: What may be paid

    /// A prompt that was answered is asked of nobody again; one of whose calls nobody can tell what became, as often as it allows.
    private mutating func judgePayments() {
        for (number, calls) in calls {
            let most = history.prompt(number).mostPaid
            var (paid, isAnswered) = (0, false)
            for call in calls {
                if isAnswered || paid >= most {
                    let before =
                        isAnswered ? "it was answered" : "\(paid) calls may have been paid, and \(most) are allowed"
                    note(
                        .paidTwice,
                        number,
                        "row \(call.row.rawValue) was asked at \(call.at.told), though \(before): \(calls)"
                    )
                    break
                }
                if call.outcome.isPaid { paid += 1 }
                if call.outcome == .answered { isAnswered = true }
            }
        }
    }

    // MARK: Jobs of the queue

    private mutating func judgeJobs() {
        for job in history.jobs {
            let prompt = history.prompt(job.prompt)
            guard let end = job.end else {
                note(.lost, job.prompt, "job \(job.id) was acknowledged at \(job.takenAt.told), and is not found")
                continue
            }
            let calls = calls[job.prompt] ?? []
            switch end.status {
            case "succeeded":
                if end.response != prompt.answer {
                    note(.wrong, job.prompt, "its answer is \(end.response ?? "none")")
                }
                if !calls.contains(where: { $0.outcome == .answered }) {
                    note(.wrong, job.prompt, "it has succeeded, and no provider has answered it: \(calls)")
                }
            case "dead": judge(job, dead: end, prompt, calls)
            default:
                note(
                    .lost,
                    job.prompt,
                    "job \(job.id), for \(prompt.model.rawValue), is \(end.status) though all was well in the end; it waits for "
                        + "\(end.waitingFor ?? "nothing"): \(calls)"
                )
            }
            if calls.contains(where: \.outcome.isCut), !end.possiblyCharged {
                note(.wrong, job.prompt, "nothing says that it may be charged for: \(calls)")
            }
            judgeAttempts(of: job, prompt, calls)
        }
    }

    private mutating func judge(_ job: ChaosJob, dead end: ChaosEnd, _ prompt: ChaosPrompt, _ calls: [ChaosCall]) {
        if calls.contains(where: { $0.outcome == .answered }) {
            return note(
                .deadTooSoon,
                job.prompt,
                "it is dead of \(end.errorClass ?? "nothing"), and was answered: \(calls)"
            )
        }
        // What the poisoner keeps from himself is no concern of anybody's.
        guard !prompt.isPoisoners else { return }
        if prompt.model == .calm {
            return note(
                .harmed,
                job.prompt,
                "it is dead of \(end.errorClass ?? "nothing") where its provider was always well"
            )
        }
        // A request may have been on its way to a provider that left, and never read it.
        let unread = job.attempts.count { attempt in
            guard attempt.outcome == "unknown", attempt.errorClass == "network",
                let row = ChaosRow(rawValue: attempt.row)
            else { return false }
            return history.weather[row]?.left(from: attempt.from, to: attempt.to) ?? false
        }
        let unknown = calls.count(where: \.outcome.isCut) + unread
        let failed = calls.count { $0.outcome.isFailed && !outages.surelyMet($0) }
        let isOver = unknown >= prompt.mostPaid || unknown + failed >= prompt.tries
        // Ten limits of its own end a job.
        let isLimited = end.errorClass == "rateLimit" && calls.count { $0.outcome == .refused(429) } >= 10
        guard !isOver && !isLimited else { return }
        note(
            .deadTooSoon,
            job.prompt,
            "it is dead of \(end.errorClass ?? "nothing") with \(prompt.tries) tries, onUnknown \(prompt.onUnknown.rawValue): "
                + "\(unknown) calls are unclear, \(failed) failed outside of an outage: \(calls) \(job.attempts)"
        )
    }

    /// So much earlier or later than a provider the gateway may say that it asked.
    private static let blur = Duration.milliseconds(200)

    /// Where one row alone serves the model, nothing is moved on: a failure is one that counts.
    ///
    /// What was never sent is none, and what
    /// failed in an outage is none.
    private mutating func judgeAttempts(of job: ChaosJob, _ prompt: ChaosPrompt, _ calls: [ChaosCall]) {
        guard prompt.model.rows.count == 1 else { return }
        for attempt in job.attempts where attempt.outcome == "failed" {
            let made = calls.filter {
                $0.at + ChaosVerdict.blur >= attempt.from && $0.at <= attempt.to + ChaosVerdict.blur
            }
            if made.isEmpty {
                note(.counted, job.prompt, "nothing was sent at \(attempt.from.told), and that is a failure: \(calls)")
            } else if made.allSatisfy({ outages.surelyMet($0) }) {
                note(.counted, job.prompt, "\(made) was in an outage, and is a failure")
            }
        }
    }

    // MARK: Calls

    /// So long what a mood has shut may stay shut: a rest of a minute at most, and a probe.
    private static let memory = Duration.seconds(75)
    /// What a caller may be told of a provider that is not well, in its own words or in the gateway's.
    private static let statuses = [429, 500, 502, 503, 504, 529]

    private mutating func judgeAnswers() {
        for answer in history.answers {
            let prompt = history.prompt(answer.prompt)
            let calls = calls[answer.prompt] ?? []
            judge(answer, prompt, calls)
            guard let job = answer.job else { continue }
            let status = history.ends[job]?.status
            if status == nil { note(.lost, answer.prompt, "job \(job), which its caller was told of, is not found") }
            if let status, status != (answer.isError ? "dead" : "succeeded") {
                note(.wrong, answer.prompt, "its caller was answered \(answer), and its job is \(status)")
            }
        }
    }

    private mutating func judge(_ answer: ChaosAnswer, _ prompt: ChaosPrompt, _ calls: [ChaosCall]) {
        if let text = answer.text {
            if text != prompt.answer { note(.wrong, answer.prompt, "its answer is \(text)") }
            return
        }
        if calls.contains(where: { $0.outcome == .answered }) {
            return note(.wrong, answer.prompt, "it was answered, and its caller was told \(answer)")
        }
        if calls.contains(where: \.outcome.isCut), !answer.isInStream, !answer.possiblyCharged {
            note(.wrong, answer.prompt, "its caller is not told that it may be charged for: \(answer)")
        }
        guard !prompt.isPoisoners else { return }
        if prompt.model == .calm {
            return note(
                .harmed,
                answer.prompt,
                "its provider was always well, and its caller was told \(answer): \(calls)"
            )
        }
        if !answer.isInStream, !ChaosVerdict.statuses.contains(answer.status) {
            note(.harmed, answer.prompt, "no mood explains \(answer): \(calls)")
        }
        // One that is asked and does not answer explains it, and so do rows that are all shut.
        guard calls.isEmpty else { return }
        let start = answer.at - ChaosVerdict.memory
        let isExplained =
            answer.possiblyCharged
            ? prompt.model.rows.contains { history.weather[$0]?.left(from: answer.at, to: answer.until) ?? false }
            : prompt.model.rows.allSatisfy { history.weather[$0]?.isUnwell(from: start, to: answer.until) ?? false }
        if !isExplained { note(.harmed, answer.prompt, "nobody was asked, and no mood explains \(answer)") }
    }

    // MARK: Probes

    /// So long after it was acknowledged a job waits like all others.
    private static let settled = Duration.seconds(1)

    /// Nobody's probe fails twice in a row while others wait that have never been asked.
    private mutating func judgeProbes() {
        var firstCalls: [Int: Duration] = [:]
        for call in history.calls { firstCalls[call.prompt] = min(firstCalls[call.prompt] ?? call.at, call.at) }
        for (first, second) in outages.neighbours where first.prompt == second.prompt {
            let prompt = history.prompt(second.prompt)
            guard prompt.way == .queue, outages.surelyMet(first), outages.surelyMet(second) else { continue }
            let waiting = history.jobs.first { job in
                let other = history.prompt(job.prompt)
                return job.prompt != prompt.number && other.model == prompt.model && !other.isPoisoners
                    && other.isInteractive == prompt.isInteractive && job.takenAt + ChaosVerdict.settled <= second.at
                    && firstCalls[job.prompt].map { $0 > second.at } ?? true
            }
            guard let waiting else { continue }
            note(
                .probedAgain,
                prompt.number,
                "its probes of row \(second.row.rawValue) failed at \(first.at.told) and \(second.at.told), while prompt "
                    + "\(waiting.prompt) waited since \(waiting.takenAt.told)"
            )
        }
    }
}
