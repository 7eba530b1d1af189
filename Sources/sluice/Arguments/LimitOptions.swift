import ArgumentParser
import SluiceJSON

/// What an owner or a token may ask for and spend.
struct LimitOptions: ParsableArguments {
    @Option(help: "Requests a minute; off takes the limit away.")
    var rpm: LimitArgument?

    @Option(help: "Tokens a minute, read and written; off takes it away.")
    var tpm: LimitArgument?

    @Option(help: "Calls and running jobs at once; off takes it away.")
    var atOnce: LimitArgument?

    @Option(help: "Jobs that wait in the queue; off goes back to 1,000,000 of an owner.")
    var queued: LimitArgument?

    @Option(help: "How much of what is asked may wait, as in 500MiB; off goes back to 8GiB of an owner.")
    var queuedBytes: QueuedBytes?

    @Option(help: "How many USD may be spent in the time of --per; off takes the budget away.")
    var budget: String?

    @Option(help: "For how long the budget is: day, month, ever, or a number of days such as 7d. Without: month.")
    var per: String?

    @Option(
        help:
            "strict counts each call as the most that it can cost until that is known; normal as what it likely costs."
    )
    var budgetMode: BudgetMode?

    @Option(
        help: """
            What becomes of calls whose model has no price: allow, hold (counted as the dearest model), "hold 0.5" (as so many USD), \
            refuse, or exact (a price of a similar name is none). Without: hold with a budget, else allow.
            """
    )
    var unpriced: String?

    @Flag(help: "Judge and count the limits that are named here, and refuse nobody.")
    var dryRun = false

    @Flag(help: "Take all limits away.")
    var none = false

    enum BudgetMode: String, ExpressibleByArgument, CaseIterable {
        case normal, strict
    }

    /// The limits that are named, as the admin API calls them.
    private var named: [String] {
        [
            rpm == nil ? nil : "rpm", tpm == nil ? nil : "tpm", atOnce == nil ? nil : "at-once",
            queued == nil ? nil : "queued", queuedBytes == nil ? nil : "queued-bytes",
            budget == nil && per == nil && budgetMode == nil ? nil : "budget",
        ].compactMap(\.self)
    }

    /// Whether nothing is to be changed.
    private var isEmpty: Bool { named.isEmpty && unpriced == nil && !none }

    func validate() throws {
        if none, !named.isEmpty || unpriced != nil || dryRun { throw ValidationError("--none stands alone.") }
        if dryRun, named.isEmpty { throw ValidationError("--dry-run goes with the limits to try, such as --rpm 60.") }
    }

    /// Changes the limits of one of `owners` or `tokens`, or asks how they stand where nothing is to be changed.
    func call(_ kind: String, _ id: String) -> AdminCall {
        isEmpty ? .get(kind, id, "limits") : .post(kind, id, "limits", body: body)
    }

    /// The change as the admin API takes it.
    private var body: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                if none { return writer.member("none", true) }
                if let rpm { writer.member("rpm", rpm.value) }
                if let tpm { writer.member("tpm", tpm.value) }
                if let atOnce { writer.member("atOnce", atOnce.value) }
                if let queued { writer.member("queued", queued.value) }
                if let queuedBytes { writer.member("queuedBytes", queuedBytes.value) }
                if let budget { writer.member("budget", budget == "off" ? nil : budget) }
                writer.memberIfPresent("per", per)
                if let budgetMode { writer.member("strict", budgetMode == .strict) }
                writer.memberIfPresent("unpriced", unpriced)
                writer.memberIfAny(dryRun ? "dryRun" : "enforce", strings: named)
            }
        }
    }
}

/// A whole number, or `off`.
struct LimitArgument: Hashable, Sendable, ExpressibleByArgument {
    /// Nil for `off`.
    var value: Int64?

    init?(argument: String) {
        if argument == "off" { return }
        guard let value = Int64(argument), value >= 0 else { return nil }
        self.value = value
    }
}

/// A number of bytes, or `off`.
struct QueuedBytes: Hashable, Sendable, ExpressibleByArgument {
    /// Nil for `off`.
    var value: Int64?

    init?(argument: String) {
        if argument == "off" { return }
        guard let bytes = Bytes(argument: argument) else { return nil }
        value = Int64(bytes.count)
    }
}
