import Foundation
import GRDB
import SluiceTypes

/// What the gateway's database says of usage, read while nobody serves.
struct BillAccount {
    struct Attempt {
        var job: Int64
        var outcome: String?
        /// The provider's number of the call.
        var call: Int?
        var usage: Usage?

        /// Says that the provider may have charged for it, though nobody knows what.
        var isUnclear: Bool { outcome == "unknown" || outcome == "interrupted" || outcome == "cancelled" }
    }

    var attempts: [Attempt] = []
    /// The jobs of each prompt, by the number in it.
    var jobs: [Int: Set<Int64>] = [:]
}

extension BillAccount {
    init(file: String) throws {
        self.init()
        var configuration = Configuration()
        configuration.readonly = true
        try DatabaseQueue(path: file, configuration: configuration).read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT job_attempt.job, outcome, upstream_id, units ->> 'input' AS input, units ->> 'output' AS output
                    FROM job_attempt JOIN job ON job.seq = job_attempt.job
                    LEFT JOIN ledger ON ledger.job = job.id AND ledger.epoch = job_attempt.epoch
                    """
            )
            attempts = rows.map { row in
                let id: String? = row["upstream_id"]
                let input: Int64? = row["input"]
                let usage = input.map { Usage(promptTokens: $0, completionTokens: row["output"]) }
                let call = id.flatMap { Int($0.dropFirst("call-".count)) }
                return Attempt(job: row["job"], outcome: row["outcome"], call: call, usage: usage)
            }
            for row in try Row.fetchAll(database, sql: "SELECT job, body FROM job_input") {
                let body: Data = row["body"]
                if let number = CrashPrompt.number(in: Array(body)) { jobs[number, default: []].insert(row["job"]) }
            }
        }
    }
}

/// The gateway's account held against the provider's.
struct BillVerdict {
    /// Tokens that the provider charged for, and those that the jobs know of.
    var charged: Int64 = 0
    var booked: Int64 = 0
    /// Calls that were under way at a kill, and that no job's usage tells of: those whose job says so, and those without a
    /// job.
    var unclear = 0
    var without = 0
    var faults: [String] = []

    init(_ account: BillAccount, _ charges: [Int: BillProvider.Charge], answered: Set<Int>) {
        var booked: [Int: Usage] = [:]
        for attempt in account.attempts {
            guard let usage = attempt.usage else { continue }
            guard let call = attempt.call, let charge = charges[call] else {
                faults.append("an attempt has usage of a call that the provider does not know")
                continue
            }
            if booked.updateValue(usage, forKey: call) != nil { faults.append("call \(call) is booked twice") }
            if usage != charge.usage { faults.append("call \(call) is booked as \(usage), and was \(charge.usage)") }
            if account.jobs[charge.prompt]?.contains(attempt.job) != true {
                faults.append("call \(call) is booked on another's job")
            }
        }
        for (call, charge) in charges {
            charged += charge.usage.promptTokens + charge.usage.completionTokens
            if let usage = booked[call] {
                self.booked += usage.promptTokens + usage.completionTokens
                continue
            }
            if answered.contains(call) { faults.append("call \(call) was answered, and is booked nowhere") }
            guard let jobs = account.jobs[charge.prompt] else {
                without += 1
                continue
            }
            unclear += 1
            let isSaid = account.attempts.contains { jobs.contains($0.job) && $0.isUnclear }
            if !isSaid {
                faults.append("call \(call) is booked nowhere, and its job does not say that it may be charged")
            }
        }
    }
}
