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
        /// As it was told.
        var usage: Usage?
        /// Nano-USD: what it cost, or at least and at most where nobody knows; nil without a line.
        var cost: ClosedRange<Int64>?

        /// Says that the provider may have charged for it, though nobody knows what.
        var isUnclear: Bool { outcome == "unknown" || outcome == "interrupted" || outcome == "cancelled" }
    }

    var attempts: [Attempt] = []
    /// The jobs of each prompt, by the number in it.
    var jobs: [Int: Set<Int64>] = [:]
}

extension BillAccount {
    private static func read<Result>(_ file: String, _ body: (Database) throws -> Result) throws -> Result {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: file, configuration: configuration).read(body)
    }

    /// How many jobs are stored, counted one by one.
    static func jobs(in file: String) throws -> Int {
        try read(file) { try Int.fetchOne($0, sql: "SELECT count(*) FROM job") ?? 0 }
    }

    init(file: String) throws {
        self.init()
        try Self.read(file) { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT job_attempt.job, outcome, upstream_id, iif(basis = 'told', units ->> 'input', NULL) AS input,
                           units ->> 'output' AS output, ledger.state, cost, low, ledger.high
                    FROM job_attempt JOIN job ON job.seq = job_attempt.job
                    LEFT JOIN ledger ON ledger.job = job.id AND ledger.epoch = job_attempt.epoch
                    """
            )
            attempts = rows.map { row in
                let id: String? = row["upstream_id"]
                let input: Int64? = row["input"]
                let usage = input.map { Usage(promptTokens: $0, completionTokens: row["output"]) }
                let call = id.flatMap { Int($0.dropFirst("call-".count)) }
                let (priced, low, high): (Int64?, Int64?, Int64?) = (row["cost"], row["low"], row["high"])
                let bounds = low.flatMap { low in high.map { low...$0 } }
                return Attempt(
                    job: row["job"],
                    outcome: row["outcome"],
                    call: call,
                    usage: usage,
                    cost: priced.map { $0...$0 } ?? bounds
                )
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
    /// Nano-USD that the provider charged for calls whose jobs were stored, and that the ledger knows of: at least, and at most.
    var chargedMoney: Int64 = 0
    var ledger: (low: Int64, high: Int64) = (0, 0)
    /// Nano-USD that the last life's metrics told.
    var shownMoney: Int64 = 0
    var faults: [String] = []

    init(_ account: BillAccount, _ charges: [Int: BillProvider.Charge], answered: Set<Int>) {
        var booked: [Int: Usage] = [:]
        for attempt in account.attempts {
            ledger.low += attempt.cost?.lowerBound ?? 0
            ledger.high += attempt.cost?.upperBound ?? 0
            guard let usage = attempt.usage else { continue }
            guard let call = attempt.call, let charge = charges[call] else {
                faults.append("an attempt has usage of a call that the provider does not know")
                continue
            }
            if booked.updateValue(usage, forKey: call) != nil { faults.append("call \(call) is booked twice") }
            if attempt.cost != charge.cost...charge.cost {
                faults.append("call \(call) costs \(attempt.cost as Any), and was \(charge.cost)")
            }
            if usage != charge.usage { faults.append("call \(call) is booked as \(usage), and was \(charge.usage)") }
            if account.jobs[charge.prompt]?.contains(attempt.job) != true {
                faults.append("call \(call) is booked on another's job")
            }
        }
        for (call, charge) in charges {
            charged += charge.usage.promptTokens + charge.usage.completionTokens
            if account.jobs[charge.prompt] != nil { chargedMoney += charge.cost }
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
            let said = account.attempts.filter { jobs.contains($0.job) && $0.isUnclear }
            if said.isEmpty {
                faults.append("call \(call) is booked nowhere, and its job does not say that it may be charged")
            } else if !said.contains(where: { $0.cost?.contains(charge.cost) == true }) {
                faults.append("call \(call) cost \(charge.cost), and its job says \(said.map { $0.cost as Any })")
            }
        }
        if ledger.high < chargedMoney {
            faults.append("the provider charged \(chargedMoney), and the ledger says \(ledger.high) at most")
        }
    }
}
