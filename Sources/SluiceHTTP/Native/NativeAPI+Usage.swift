import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceJSON
import SluiceMoney
import SluiceStore
import SluiceTypes

extension NativeAPI {
    /// Answers `GET /v1/usage`: what the token's own calls used and cost; with the scope `usage:owner` those of all the owner's tokens,
    /// and how its budget stands.
    @Sendable
    func getUsage(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let seesOwner = caller.scopes.contains(.usageOwner)
        var reader = QueryReader(request.uri, known: UsageReport.parameters)
        let parts: [UsageQuery.Part] = [.day, .provider, .model, .tag, .session] + (seesOwner ? [.token] : [])
        var report = UsageReport(&reader, parts: parts, today: LedgerKey.day(of: api.now()))
        if !seesOwner, let asked = report.query.token, asked != caller.token {
            reader.fault("token", "is another one, for which this token lacks the scope usage:owner")
        }
        try reader.finish()
        if !seesOwner { report.narrow(to: caller.token) }
        try await report.ask(api.ledger, owner: caller.owner)
        let accounts = [caller.token.rawValue] + (seesOwner ? [caller.owner.rawValue] : [])
        let standings = zip(["token", "owner"], accounts).compactMap { name, account in
            engine.standing(account).flatMap { $0.limits.budget == nil ? nil : (name, $0) }
        }
        return .json(
            .ok,
            JSONWriter.bytes { writer in
                writer.object { writer in
                    report.write([:], to: &writer)
                    writer.objects("budgets", standings) { standing, writer in
                        writer.member("of", standing.0)
                        writer.budget(standing.1)
                    }
                }
            }
        )
    }
}

extension JSONWriter {
    /// How a budget stands; nothing without one.
    mutating func budget(_ standing: LimitStanding) {
        guard let budget = standing.limits.budget else { return }
        let held = standing.holds.values.reduce(0) { LedgerSums.add($0, $1) }
        let left = max(0, LedgerSums.add(LedgerSums.add(budget.amount, -standing.spent), -held))
        member("budget", Money(nanoUSD: budget.amount).description)
        member("per", budget.period.description)
        member("windowBegin", standing.window?.begin.description)
        member("windowEnd", standing.window?.end?.description)
        member("spent", Money(nanoUSD: standing.spent).description)
        member("held", Money(nanoUSD: held).description)
        member("left", Money(nanoUSD: left).description)
    }
}
