extension CrashLedger {
    /// What the whole run came to.
    struct Verdict: Sendable, Equatable {
        /// Jobs for which the provider may be paid twice: called more than once, known refusals not counted.
        var calledTwice = 0
        /// Those of them that a crash is the cause of.
        var calledTwiceByCrash = 0
        /// How many jobs ended as what.
        var ends: [String: Int] = [:]
    }

    /// Goes through every list of an owner: each of its jobs must be there, once, and no other.
    ///
    /// `unanswered` are the prompts that were sent and never answered: whether they are jobs, nobody was told.
    func sawAll(_ records: [SeenRecord], of owner: Int, seed: UInt64, since before: [String: Entry]) {
        var seen: Set<String> = []
        for record in records {
            guard seen.insert(record.id).inserted else {
                note(.wrong, record.id, "it stands twice in the list")
                continue
            }
            if let entry = before[record.id] {
                if entry.owner != owner { note(.wrong, record.id, "another owner is shown it") }
                saw(record, since: entry)
            } else if let number = record.number {
                // Nobody was told its id, or not yet; from here on it is one like the others.
                acknowledge(CrashPrompt(seed: seed, number: number), id: record.id, owner: owner)
                if let entry = look(record.id) { saw(record, since: entry) }
            } else {
                note(.wrong, record.id, "nobody sent it")
            }
        }
        for entry in before.values where entry.owner == owner && !seen.contains(entry.id) { missed(since: entry) }
    }

    /// Holds the provider's count against the histories, once nothing runs any more.
    func judge(calls: [Int: Int]) -> Verdict {
        var verdict = Verdict()
        for entry in entries.values {
            if let end = entry.end {
                verdict.ends[end.status, default: 0] += 1
            } else {
                note(.wrong, entry.id, "it never ended")
            }
        }
        // A prompt may be two jobs, one after the other, where the first handed its key on.
        for (number, jobs) in Dictionary(grouping: entries.values, by: \.prompt.number) {
            guard let entry = jobs.first, jobs.allSatisfy({ $0.end != nil }) else { continue }
            for former in jobs.sorted(by: { $0.id < $1.id }).dropLast() where !former.hasLetGo {
                note(
                    .wrong,
                    former.id,
                    "\(entry.prompt.word) became another job, though this one had not let its key go"
                )
            }
            let count = calls[number] ?? 0
            let attempts = jobs.flatMap { $0.attempts.isEmpty ? $0.plainHistory(calls: count) : $0.attempts }
            let range = attempts.map(\.calls)
            let least = range.map(\.lowerBound).reduce(0, +)
            let most = range.map(\.upperBound).reduce(0, +)
            if !(least...most).contains(count) {
                note(.miscounted, entry.id, "the provider was asked \(count) times; its attempts tell \(attempts)")
            }
            // Refused by the provider: for the job's own failure, or while its row rests.
            let refused = attempts.count {
                $0.outcome == "failed" || $0.outcome == "deferred" && $0.httpStatus != nil
            }
            let paid = count - refused
            guard paid > 1 else { continue }
            verdict.calledTwice += 1
            if attempts.contains(where: { $0.outcome == "interrupted" }) { verdict.calledTwiceByCrash += 1 }
            if !jobs.contains(where: \.possiblyCharged) {
                note(.miscounted, entry.id, "asked \(count) times, and not possiblyCharged: \(attempts)")
            }
        }
        return verdict
    }
}

extension CrashLedger.Entry {
    /// Whether its key may stand for another job: it ended without an answer and surely cost nothing, or was deleted.
    fileprivate var hasLetGo: Bool {
        guard prompt.isKeyed else { return false }
        return deletion != .none || (end?.status == "dead" || end?.status == "cancelled") && !possiblyCharged
    }

    /// Whether the record and the provider's count tell all there is to tell, so that the attempts needn't be read.
    func isPlain(calls: Int) -> Bool {
        end?.status == "succeeded" && tries == 1 && calls == 1 && !possiblyCharged
    }

    fileprivate func plainHistory(calls: Int) -> [SeenAttempt] {
        isPlain(calls: calls) ? [SeenAttempt(epoch: 1, outcome: "ok", httpStatus: 200)] : []
    }
}

extension SeenAttempt {
    /// How many calls the provider may have counted for it.
    var calls: ClosedRange<Int> {
        switch outcome {
        case "ok", "deferred": 1...1
        case "failed": httpStatus == nil ? 0...1 : 1...1
        // A connection that closed: the provider closes only what it has read.
        case "unknown": errorClass == "network" ? 1...1 : 0...1
        case "released": 0...0
        default: 0...1
        }
    }
}
