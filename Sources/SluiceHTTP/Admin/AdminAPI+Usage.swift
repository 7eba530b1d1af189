import SluiceJSON
import SluiceMoney
import SluiceStore
import SluiceTokens
import SluiceTypes

extension AdminAPI {
    /// What was used and what it cost, told apart as asked, the dearest first within a day.
    func usage(_ request: AdminRequest) async throws -> AdminReply {
        let known = ["since", "until", "by", "owner", "token", "provider", "model"]
        var reader = QueryReader(request.pairs, known: known)
        let today = LedgerKey.day(of: now())
        let since = reader.value("since", UsageDate.day, UsageDate.rule) ?? today - 6
        let until = reader.value("until", UsageDate.day, UsageDate.rule) ?? max(today, since)
        if until < since { reader.fault("until", "is before since") }
        let parts =
            reader.value("by", AdminAPI.parts, "must be some of \(AdminAPI.partNames), with commas between") ?? []
        var query = UsageQuery(since...max(since, until), by: parts)
        let owner = reader.text("owner")
        query.token = reader.text("token").map { TokenID(rawValue: $0) }
        query.provider = reader.text("provider")
        query.model = reader.text("model")
        try reader.finish()
        if let owner { query.owner = try await tokens.owner(owner).id }
        let found = try await records.usage(query).sorted(by: AdminAPI.isBefore)
        let owners = try await ownerNames()
        return .object { writer in
            writer.member("since", UsageDate.text(since))
            writer.member("until", UsageDate.text(until))
            writer.objects("usage", found) { sum, writer in
                if parts.contains(.day) { writer.member("day", sum.day.map { UsageDate.text($0) }) }
                if parts.contains(.owner) { writer.member("owner", sum.owner.map { owners[$0] ?? $0.rawValue }) }
                if parts.contains(.token) { writer.member("token", sum.token?.rawValue) }
                if parts.contains(.provider) { writer.member("provider", sum.provider) }
                if parts.contains(.model) { writer.member("model", sum.model) }
                writer.sums(sum.sums)
            }
            writer.member("total", object: { $0.sums(found.map(\.sums).reduce(LedgerSums(), +)) })
        }
    }

    private static var partNames: String { UsageQuery.Part.allCases.map(\.rawValue).joined(separator: ", ") }

    private static func parts(_ text: String) -> Set<UsageQuery.Part>? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
            UsageQuery.Part(rawValue: String($0))
        }
        return parts.contains(nil) ? nil : Set(parts.compactMap(\.self))
    }

    private static func isBefore(_ left: UsageSum, _ right: UsageSum) -> Bool {
        if left.day != right.day { return (left.day ?? 0) < (right.day ?? 0) }
        let (a, b) = (left.sums, right.sums)
        if a.cost != b.cost { return a.cost > b.cost }
        if a.high != b.high { return a.high > b.high }
        let names = { (sum: UsageSum) in
            [sum.owner?.rawValue, sum.token?.rawValue, sum.provider, sum.model].map { $0 ?? "" }.joined(separator: "\n")
        }
        return names(left) < names(right)
    }
}

extension JSONWriter {
    /// Lines by their states, tokens, and money as strings of decimal USD.
    fileprivate mutating func sums(_ sums: LedgerSums) {
        member("calls", Int64(clamping: Int128(sums.priced) + Int128(sums.unpriced) + Int128(sums.unknown)))
        member("priced", sums.priced)
        member("unpriced", sums.unpriced)
        member("unknown", sums.unknown)
        member("input", sums.input)
        member("cached", sums.cached)
        member("cacheWritten", sums.cacheWritten)
        member("output", sums.output)
        member("reasoning", sums.reasoning)
        member("costUSD", Money(nanoUSD: sums.cost).description)
        member("lowUSD", Money(nanoUSD: sums.low).description)
        member("likelyUSD", Money(nanoUSD: sums.likely).description)
        member("highUSD", Money(nanoUSD: sums.high).description)
    }
}
