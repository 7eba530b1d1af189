import HTTPTypes
import SluiceEngine
import SluiceJSON
import SluiceMoney
import SluiceStore
import SluiceTypes

extension AdminAPI {
    /// Prices lines of the ledger anew, or takes back what was changed so.
    func reprice(_ request: AdminRequest) async throws -> AdminReply {
        guard let engine else {
            throw Problem(
                .conflict,
                "not-running",
                "calls are priced by the rows of a running gateway: start it with sluice serve, then repeat this"
            )
        }
        var reader = try request.fields(["since", "until", "provider", "model", "all", "dryRun", "undo"])
        let undone = reader.integer("undo", 1...Int64.max)
        let since = reader.moment("since")
        let until = reader.moment("until")
        let query = RepricingQuery(
            since: since ?? Timestamp(milliseconds: 0),
            until: until ?? now(),
            provider: reader.text("provider"),
            model: reader["model"] == nil ? nil : reader.model(),
            takesAll: reader["all"]?.boolean ?? false
        )
        let isDry = reader["dryRun"]?.boolean ?? false
        if undone == nil, since == nil {
            reader.fault("since", "is required: the moment from which on calls are priced anew")
        }
        if query.until <= query.since { reader.fault("until", "is not behind since") }
        try reader.finish()
        do {
            let report =
                if let undone {
                    try await engine.undo(run: undone, actor: request.actor)
                } else {
                    try await engine.reprice(query.widened, isDry: isDry, actor: request.actor)
                }
            return .object { report.write(to: &$0) }
        } catch RepricingError.underWay {
            throw Problem(.conflict, "under-way", "prices of the past are being changed already: wait for that to end")
        } catch RepricingError.noRun(let run) {
            throw Problem.notFound("there is no run \(run), or its lines are kept no more; sluice audit names the runs")
        } catch is CancellationError {
            throw Problem(
                .serviceUnavailable,
                "broken-off",
                "the run was broken off, and what it has changed stays: repeat it to go on, or take it back with --undo"
            )
        }
    }
}

extension RepricingQuery {
    /// Who names a model or a row means all of its calls.
    fileprivate var widened: RepricingQuery {
        var query = self
        query.takesAll = takesAll || provider != nil || model != nil
        return query
    }
}

extension RepricingReport {
    /// Amounts are strings of decimal USD.
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("run", run?.id)
        writer.member("oldest", oldest?.description)
        writer.member("seen", seen)
        writer.member("changed", total.lines)
        writer.member(
            "left",
            object: { writer in
                writer.member("toldByProvider", told)
                writer.member("rowIsGone", noRow)
                writer.member("nothingKnown", nothing)
                writer.member("changedSince", overtaken)
            }
        )
        let groups = changes.sorted { left, right in
            let (a, b) = (left.value.moved, right.value.moved)
            return a != b ? a > b : (left.key.provider, left.key.model) < (right.key.provider, right.key.model)
        }
        writer.objects("models", groups) { group, writer in
            writer.member("provider", group.key.provider)
            writer.member("model", group.key.model)
            group.value.write(to: &writer)
        }
        writer.member("total", object: { total.write(to: &$0) })
    }
}

extension RepricingReport.Change {
    /// By how much its cost is another, or what of it is likely.
    fileprivate var moved: UInt64 {
        LedgerSums.add(LedgerSums.add(after.cost, after.likely), -LedgerSums.add(before.cost, before.likely)).magnitude
    }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("lines", lines)
        for (name, sums) in [("before", before), ("after", after)] {
            writer.member(
                name,
                object: { writer in
                    writer.member("priced", sums.priced)
                    writer.member("unpriced", sums.unpriced)
                    writer.member("unknown", sums.unknown)
                    writer.member("costUSD", Money(nanoUSD: sums.cost).description)
                    writer.member("lowUSD", Money(nanoUSD: sums.low).description)
                    writer.member("highUSD", Money(nanoUSD: sums.high).description)
                }
            )
        }
    }
}
