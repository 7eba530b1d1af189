import SluiceJSON
import SluiceMoney
import SluiceStore
import SluiceTypes

/// What was used and what it cost, as it was asked for: by operators and by callers alike.
struct UsageReport {
    /// What a query may say.
    static let parameters = ["since", "until", "by", "token", "provider", "model", "tag", "session", "with"]

    /// What an operator looks for among all sums.
    private enum Wanted: String, CaseIterable {
        case unpriced, unknown
    }

    private let since: Int64
    private let until: Int64
    private let wanted: Wanted?
    private(set) var query: UsageQuery
    /// A conversation's name, or the mark that stands for it.
    private let session: String?
    private var found: [UsageSum] = []

    /// Reads what `parts` may be told apart by, and of which days; today and the six before unless said otherwise.
    init(_ reader: inout QueryReader, parts allowed: [UsageQuery.Part], today: Int64) {
        since = reader.value("since", UsageDate.day, UsageDate.rule) ?? today - 6
        let last = reader.value("until", UsageDate.day, UsageDate.rule) ?? max(today, since)
        if last < since { reader.fault("until", "is before since") }
        until = max(since, last)
        wanted = reader.choice("with", Wanted.self)
        session = reader.text("session")
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        let read = { (text: String) in UsageReport.parts(text, allowed) }
        query = UsageQuery(
            since...until,
            by: reader.value("by", read, "must be some of \(names), with commas between") ?? []
        )
        query.token = reader.text("token").map { TokenID(rawValue: $0) }
        query.provider = reader.text("provider")
        query.model = reader.text("model")
        query.tag = reader.text("tag")
    }

    /// Whether a conversation is asked for by a name that only its owner's calls could have given it.
    var needsOwner: Bool { session.map { SessionMark($0) == nil } ?? false }

    private static func parts(_ text: String, _ allowed: [UsageQuery.Part]) -> Set<UsageQuery.Part>? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
            UsageQuery.Part(rawValue: String($0))
        }
        let known = parts.compactMap(\.self)
        return known.count == parts.count && known.allSatisfy { allowed.contains($0) } ? Set(known) : nil
    }

    /// Asks the store, of `owner` alone where one is given; the dearest come first within a day.
    mutating func ask(_ records: any LedgerReader, owner: OwnerID?) async throws(StoreError) {
        query.owner = owner
        if let session { query.session = SessionMark(session) ?? owner.map { records.mark(of: session, of: $0) } }
        found = try await records.usage(query).filter { isWanted($0.sums) }.sorted(by: UsageReport.isBefore)
    }

    private func isWanted(_ sums: LedgerSums) -> Bool {
        switch wanted {
        case nil: true
        case .unpriced: sums.unpriced > 0
        case .unknown: sums.unknown > 0
        }
    }

    /// Takes who is asked about: a token that sees its own calls alone.
    mutating func narrow(to token: TokenID) {
        query.token = token
    }

    /// `{"since": …, "until": …, "usage": […], "total": {…}}`; owners by their names.
    func write(_ owners: [OwnerID: String], to writer: inout JSONWriter) {
        writer.member("since", UsageDate.text(since))
        writer.member("until", UsageDate.text(until))
        writer.objects("usage", found) { sum, writer in
            let parts = query.parts
            if parts.contains(.day) { writer.member("day", sum.day.map { UsageDate.text($0) }) }
            if parts.contains(.owner) { writer.member("owner", sum.owner.map { owners[$0] ?? $0.rawValue }) }
            if parts.contains(.token) { writer.member("token", sum.token?.rawValue) }
            if parts.contains(.provider) { writer.member("provider", sum.provider) }
            if parts.contains(.model) { writer.member("model", sum.model) }
            if parts.contains(.tag) { writer.member("tag", sum.tag) }
            if parts.contains(.session) { writer.member("session", sum.session?.description) }
            writer.sums(sum.sums)
        }
        writer.member("total", object: { $0.sums(found.map(\.sums).reduce(LedgerSums(), +)) })
    }

    private static func isBefore(_ left: UsageSum, _ right: UsageSum) -> Bool {
        if left.day != right.day { return (left.day ?? 0) < (right.day ?? 0) }
        let (a, b) = (left.sums, right.sums)
        if a.cost != b.cost { return a.cost > b.cost }
        if a.high != b.high { return a.high > b.high }
        let names = { (sum: UsageSum) in
            let texts = [
                sum.owner?.rawValue, sum.token?.rawValue, sum.provider, sum.model, sum.tag, sum.session?.description,
            ]
            return texts.map { $0 ?? "" }.joined(separator: "\n")
        }
        return names(left) < names(right)
    }
}

extension JSONWriter {
    /// Amounts are strings of decimal USD.
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
