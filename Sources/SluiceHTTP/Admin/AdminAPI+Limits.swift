import SluiceEngine
import SluiceJSON
import SluiceMoney
import SluiceStore
import SluiceTypes

extension AdminAPI {
    /// `GET` tells how the limits of an owner or a token stand, `POST` changes those that its body names.
    func limits(of subject: LimitSubject, owner: OwnerID, _ request: AdminRequest) async throws -> AdminReply {
        let records = try await records.limits()
        let known = records.first { $0.subject == subject }
        guard request.method == "POST" else {
            return try await oneOf(["GET": { _ in try await self.standing(of: subject, known) }], request)
        }
        var reader = try request.fields(SpendingLimits.members + ["none"])
        let isNone = reader["none"]?.boolean ?? false
        var limits = known?.limits ?? SpendingLimits()
        reader.change(&limits, at: now())
        try reader.finish()
        let new = isNone || limits.isEmpty ? nil : limits
        let entry = AuditEntry(
            at: now(),
            actor: request.actor,
            action: "limits.set",
            subject: subject.id,
            result: new.map { $0.words } ?? "none"
        )
        if let engine {
            try await engine.setLimits(of: subject, to: new, audit: entry)
        } else {
            try await self.records.setLimits(of: subject, to: new, at: now(), audit: entry)
        }
        let all = try await self.records.limits()
        let notes = AdminAPI.notes(on: new, of: subject, beside: all.first { $0.subject == .owner(owner) }?.limits)
        return try await standing(of: subject, all.first { $0.subject == subject }, notes)
    }

    /// What is odd about limits, and allowed.
    private static func notes(
        on limits: SpendingLimits?,
        of subject: LimitSubject,
        beside owner: SpendingLimits?
    ) -> [String] {
        guard case .token = subject, let limits, let owner else { return [] }
        let pairs: [(String, Int64?, Int64?)] = [
            ("requests a minute", limits.requestsPerMinute, owner.requestsPerMinute),
            ("tokens a minute", limits.tokensPerMinute, owner.tokensPerMinute),
            ("calls at once", limits.atOnce, owner.atOnce), ("queued jobs", limits.queued, owner.queued),
            ("queued bytes", limits.queuedBytes, owner.queuedBytes),
            ("budget", limits.budget?.amount, owner.budget?.amount),
        ]
        return pairs.compactMap { name, own, wider in
            guard let own, let wider, own > wider else { return nil }
            return "the token's \(name) are wider than its owner's, and both hold: the owner's come first"
        }
    }

    private func standing(
        of subject: LimitSubject,
        _ record: LimitRecord?,
        _ notes: [String] = []
    ) async throws -> AdminReply {
        guard let record else {
            return .object { writer in
                writer.member("limits", String?.none)
                writer.texts("notes", notes)
            }
        }
        let live = engine?.standing(record.account)
        let sizes = try await records.queueSizes()
        let queue = sizes[record.account] ?? QueueSize()
        var spent = live?.spent ?? 0
        var window = live?.window
        if live == nil, let budget = record.limits.budget {
            let now = budget.window(at: now())
            window = now
            let stored = try await records.spend().first {
                $0.account == record.account && $0.window.begin == now.begin
            }
            spent = stored?.counted ?? 0
        }
        return .object { writer in
            writer.member("limits", object: { $0.limits(record.limits) })
            writer.member("sharedWith", record.sharedWith?.rawValue)
            writer.member("underWay", live?.underWay)
            writer.member("queued", queue.jobs)
            writer.member("queuedBytes", queue.bytes)
            writer.member(
                "dryRunRefusals",
                object: { writer in
                    for kind in record.limits.onTrial.sorted(by: { $0.rawValue < $1.rawValue }) {
                        writer.member(kind.rawValue, live?.trials[kind] ?? 0)
                    }
                }
            )
            if let budget = record.limits.budget {
                let held = (live?.holds ?? [:]).sorted { $0.key < $1.key }
                let sum = held.reduce(0) { LedgerSums.add($0, $1.value) }
                writer.member("windowBegin", window?.begin.description)
                writer.member("windowEnd", window?.end?.description)
                writer.member("spent", Money(nanoUSD: spent).description)
                writer.member("held", Money(nanoUSD: sum).description)
                let left = max(0, LedgerSums.add(LedgerSums.add(budget.amount, -spent), -sum))
                writer.member("left", Money(nanoUSD: left).description)
                writer.objects("heldBy", held) { hold, writer in
                    writer.member("job", hold.key.description)
                    writer.member("usd", Money(nanoUSD: hold.value).description)
                }
            }
            writer.texts("notes", notes)
        }
    }
}

extension SpendingLimits {
    /// The members by which the admin API takes them and tells them.
    fileprivate static let members = [
        "rpm", "tpm", "atOnce", "queued", "queuedBytes", "budget", "per", "strict", "unpriced", "dryRun", "enforce",
    ]

    /// As the audit keeps them.
    fileprivate var words: String {
        var words: [String] = []
        if let rate = requestsPerMinute { words.append("rpm \(rate)") }
        if let rate = tokensPerMinute { words.append("tpm \(rate)") }
        if let most = atOnce { words.append("at once \(most)") }
        if let most = queued { words.append("queued \(most)") }
        if let most = queuedBytes { words.append("queued bytes \(most)") }
        if let budget {
            words.append(
                "budget \(Money(nanoUSD: budget.amount)) USD per \(budget.period)\(budget.isStrict ? ", strict" : "")"
            )
        }
        if let unpriced { words.append("unpriced \(unpriced)") }
        if !onTrial.isEmpty { words.append("dry run \(onTrial.map(\.rawValue).sorted().joined(separator: " "))") }
        return words.joined(separator: "; ")
    }
}

extension JSONWriter {
    fileprivate mutating func limits(_ limits: SpendingLimits) {
        member("rpm", limits.requestsPerMinute)
        member("tpm", limits.tokensPerMinute)
        member("atOnce", limits.atOnce)
        member("queued", limits.queued)
        member("queuedBytes", limits.queuedBytes)
        member("budget", limits.budget.map { Money(nanoUSD: $0.amount).description })
        member("per", limits.budget?.period.description)
        member("strict", limits.budget?.isStrict)
        member("unpriced", limits.unpriced.map { $0.told })
        texts("dryRun", limits.onTrial.map(\.rawValue).sorted())
    }
}

extension SpendingLimits.Unpriced {
    /// As ``FieldReader`` reads it: an amount in USD.
    fileprivate var told: String {
        if case .hold(let nano?) = self { return "hold \(Money(nanoUSD: nano))" }
        return description
    }

    fileprivate init?(told text: String) {
        if text.hasPrefix("hold "), let amount = Money(usd: text.dropFirst(5)) {
            guard amount >= .zero else { return nil }
            self = .hold(amount.nanoUSD)
            return
        }
        guard !text.hasPrefix("hold ") else { return nil }
        self.init(text)
    }
}

extension FieldReader {
    /// The most that a rate or a number may be.
    private static let most: Int64 = 1_000_000_000_000

    /// Changes what the body names; null takes a limit away.
    fileprivate mutating func change(_ limits: inout SpendingLimits, at now: Timestamp) {
        changeRate("rpm", &limits.requestsPerMinute, least: 1)
        changeRate("tpm", &limits.tokensPerMinute, least: 1)
        changeRate("atOnce", &limits.atOnce, least: 0)
        changeRate("queued", &limits.queued, least: 0)
        changeRate("queuedBytes", &limits.queuedBytes, least: 0, most: 1 << 50)
        changeBudget(&limits, at: now)
        if self["unpriced"]?.isNull == true {
            limits.unpriced = nil
        } else if let text = text("unpriced") {
            limits.unpriced = SpendingLimits.Unpriced(told: text)
            if limits.unpriced == nil {
                fault("unpriced", "must be allow, hold, hold and an amount of USD, refuse or exact")
            }
        }
        for kind in kinds("dryRun") { limits.onTrial.insert(kind) }
        for kind in kinds("enforce") { limits.onTrial.remove(kind) }
    }

    private mutating func changeRate(
        _ name: String,
        _ rate: inout Int64?,
        least: Int64,
        most: Int64 = FieldReader.most
    ) {
        if self[name]?.isNull == true {
            rate = nil
            return
        }
        if let number = integer(name, least...most) { rate = number }
    }

    private mutating func changeBudget(_ limits: inout SpendingLimits, at now: Timestamp) {
        if self["budget"]?.isNull == true {
            limits.budget = nil
            if self["per"] != nil || self["strict"] != nil { fault("per", "goes with a budget, and there is none") }
            return
        }
        var budget = limits.budget
        if let text = text("budget") {
            guard let amount = Money(usd: text), amount > .zero, amount.nanoUSD <= LedgerSums.most else {
                return fault(
                    "budget",
                    "must be an amount of USD above 0 and below 9000000000, such as \"20\" or \"0.5\""
                )
            }
            let period = limits.budget?.period ?? .month
            let since = limits.budget?.since ?? now
            let isStrict = limits.budget?.isStrict ?? false
            budget = SpendingLimits.Budget(
                amount: amount.nanoUSD,
                period: period,
                isStrict: isStrict,
                since: since
            )
        }
        if let text = text("per") {
            guard let period = BudgetPeriod(text) else {
                return fault("per", "must be day, month, ever, or a number of days from 1d to 3660d")
            }
            if budget == nil { fault("per", "goes with a budget, and there is none") }
            if budget?.period != period { budget?.since = now }
            budget?.period = period
        }
        if let strict = self["strict"] {
            if strict.kind != .boolean { fault("strict", "must be true or false") }
            if budget == nil { fault("strict", "goes with a budget, and there is none") }
            budget?.isStrict = strict.boolean ?? false
        }
        limits.budget = budget
    }

    private mutating func kinds(_ name: String) -> [SpendingLimits.Kind] {
        let allowed = SpendingLimits.Kind.allCases.map(\.rawValue)
        return (texts(name) ?? []).compactMap { text in
            if let kind = SpendingLimits.Kind(rawValue: text) { return kind }
            fault(name, UnknownName.sentence(text, "limit", allowed), allowed: allowed)
            return nil
        }
    }
}
