import HTTPTypes
import SluiceEngine
import SluiceJSON
import SluiceMoney
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// What callers are told of limits, on each surface.
@Suite("A call that its owner's limits don't let pass", .timeLimit(.minutes(1)))
struct LimitCallTests {
    /// A gateway whose provider answers, at a dollar for a million tokens read and another for as many written.
    private static func gateway(_ wire: Wire) throws -> Gateway {
        var row = Rig.row("pieces", adapter: wire.adapter, operations: [.chat], credentials: [])
        let prices = #"{"m":{"input":1,"output":1,"maxOutput":1000}}"#
        row.pricing = RowPricing(prices: try PriceList(rowPrices: try Document(Array(prices.utf8)).root))
        return .held(rows: [row]) { _, _ in .answer(wire.answer) }
    }

    private static func set(_ limits: SpendingLimits, _ rig: Gateway) async throws {
        let owner = try #require(try await rig.store.owner(named: "app")?.id)
        let entry = AuditEntry(at: .now(), actor: "test", action: "limits.set", subject: "", result: "")
        try await rig.engine.setLimits(of: .owner(owner), to: limits, audit: entry)
    }

    private static func budget(_ nano: Int64) -> SpendingLimits {
        SpendingLimits(budget: SpendingLimits.Budget(amount: nano, period: .month, since: .now()))
    }

    private static func type(_ answer: Answer) throws -> String? {
        try Document(answer.bytes).root[key: "error"]?[key: "type"]?.string
    }

    private static func code(_ answer: Answer) throws -> String? {
        try Document(answer.bytes).root[key: "error"]?[key: "code"]?.string
    }

    @Test("since the budget is spent is refused for good: clients stop at once", arguments: Wire.all)
    func spent(wire: Wire) async throws {
        try await Self.gateway(wire).with { rig, client in
            // What a call may cost fits once, and does not any more when one has been paid for.
            try await Self.set(Self.budget(1_100_000), rig)
            #expect(try await wire.send(client).status == 200)
            try await Self.set(Self.budget(wire.surface == .anthropic ? 14_000 : 1_005_000), rig)
            let refused = try await wire.send(client)
            #expect(refused.status == 429)
            #expect(refused.headers[.shouldRetry] == "false")
            #expect((refused.headers[.retryAfter].flatMap { Int($0) } ?? 0) >= 121)
            #expect(try Self.type(refused) == (wire.surface == .anthropic ? "rate_limit_error" : "insufficient_quota"))
            if wire.surface != .anthropic { #expect(try Self.code(refused) == "insufficient_quota") }
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test("since it is larger than the whole is refused as it is", arguments: Wire.all)
    func never(wire: Wire) async throws {
        try await Self.gateway(wire).with { rig, client in
            try await Self.set(Self.budget(5), rig)
            let refused = try await wire.send(client)
            #expect(refused.status == 400)
            #expect(refused.headers[.shouldRetry] == "false")
            #expect(try Self.type(refused) == "invalid_request_error")
        }
    }

    @Test("since nobody knows what it costs is forbidden", arguments: Wire.all)
    func notPriced(wire: Wire) async throws {
        var row = Rig.row("pieces", adapter: wire.adapter, operations: [.chat], credentials: [])
        row.pricing = RowPricing(prices: try PriceList(rowPrices: try Document(Array(#"{"x":{"input":1}}"#.utf8)).root))
        try await Gateway.held(rows: [row]) { _, _ in .answer(wire.answer) }.with { rig, client in
            try await Self.set(SpendingLimits(unpriced: .refuse), rig)
            let refused = try await wire.send(client)
            #expect(refused.status == 403)
            #expect(try Self.type(refused) == "permission_error")
            #expect(String(decoding: refused.bytes, as: UTF8.self).contains("sluice price set"))
        }
    }

    @Test("since its rate is used up is told when to come again, and how the rate stands", arguments: Wire.all)
    func rate(wire: Wire) async throws {
        try await Self.gateway(wire).with { rig, client in
            try await Self.set(SpendingLimits(requestsPerMinute: 1), rig)
            let first = try await wire.send(client)
            #expect(first.status == 200)
            let refused = try await wire.send(client)
            #expect(refused.status == 429)
            #expect(refused.headers[.shouldRetry] == nil)
            #expect(refused.headers[.retryAfter] == "60")
            #expect(try Self.type(refused) == "rate_limit_error")
            let name = wire.surface == .anthropic ? "anthropic-ratelimit-requests-" : "x-ratelimit-"
            let suffix = wire.surface == .anthropic ? "" : "-requests"
            let field = { (what: String) in first.headers[HTTPField.Name.known("\(name)\(what)\(suffix)")] }
            #expect(field("limit") == "1")
            #expect(field("remaining") == "0")
            let reset = try #require(field("reset"))
            #expect(wire.surface == .anthropic ? Timestamp(rfc3339: reset) != nil : reset == "60s")
        }
    }

    @Test("tells no amounts to a token that may not see money", arguments: Wire.all)
    func withoutMoney(wire: Wire) async throws {
        try await Self.gateway(wire).with { rig, client in
            let owner = try await rig.store.owner(named: "app")
            let blind = try await rig.token("blind") {
                $0.owner = owner?.name
                $0.scopes = [.jobsRead, .jobsWrite]
            }
            let other = Client(client: client.client, token: blind)
            let plain = try await wire.send(client)
            #expect(plain.headers[.sluiceCost] == "0.000004")
            #expect(try await wire.send(other).headers[.sluiceCost] == nil)
            try await Self.set(Self.budget(5), rig)
            #expect(try await wire.send(client).text.contains("0.000000005 USD"))
            let told = try await wire.send(other).text
            #expect(told.contains("budget") && !told.contains("USD"))
        }
    }

    @Test("is shown with what it cost in its record and its end, to whoever may see money")
    func record() async throws {
        let wire = Wire.chat
        try await Self.gateway(wire).with { rig, client in
            let id = try #require(try await wire.send(client).headers[.sluiceJob])
            let record = try Document(try await client.send(.get, "/v1/prompts/\(id)").bytes).root
            let cost = try #require(record[key: "cost"])
            #expect(cost[key: "usd"]?.string == "0.000004")
            #expect(cost[key: "state"]?.string == "priced")
            #expect(cost[key: "low"]?.string == "0.000004" && cost[key: "high"]?.string == "0.000004")
            let events = try await client.send(.get, "/v1/prompts/\(id)/events").text
            #expect(events.contains(#""cost":{"usd":"0.000004""#))
            let owner = try await rig.store.owner(named: "app")
            let blind = try await rig.token("blind") {
                $0.owner = owner?.name
                $0.scopes = [.jobsRead, .jobsWrite]
            }
            let other = Client(client: client.client, token: blind)
            #expect(try await !other.send(.get, "/v1/prompts/\(id)").text.contains("cost"))
            #expect(try await !other.send(.get, "/v1/prompts/\(id)/events").text.contains("cost"))
            #expect(try await !other.send(.get, "/v1/prompts").text.contains("cost"))
            #expect(try await other.send(.get, "/v1/usage").status == 403)
        }
    }

    @Test("is told of in the usage of its token, and in its owner's to whoever may see that")
    func usage() async throws {
        let wire = Wire.chat
        try await Self.gateway(wire).with { rig, client in
            let owner = try await rig.store.owner(named: "app")
            let whole = try await rig.token("whole") {
                $0.owner = owner?.name
                $0.scopes = [.jobsRead, .jobsWrite, .usageRead, .usageOwner]
            }
            let other = Client(client: client.client, token: whole)
            _ = try await wire.send(client)
            _ = try await wire.send(other)
            _ = try await wire.send(other)
            try await Self.set(Self.budget(1_000_000), rig)
            // The engine's clock is the test's own.
            let days = "since=\(rig.engine.time.now().description.prefix(10))"
            let own = try Document(try await client.send(.get, "/v1/usage?by=model&\(days)").bytes).root
            #expect(own[key: "total"]?[key: "calls"]?.integer == 1)
            #expect(own[key: "usage"]?[0]?[key: "model"]?.string == "m")
            #expect(own[key: "budgets"]?.elements.isEmpty == true)
            let all = try Document(try await other.send(.get, "/v1/usage?by=token&\(days)").bytes).root
            #expect(all[key: "total"]?[key: "calls"]?.integer == 3)
            #expect(all[key: "usage"]?.elements.count == 2)
            #expect(all[key: "budgets"]?[0]?[key: "spent"]?.string == "0.000012")
            #expect(all[key: "budgets"]?[0]?[key: "left"]?.string == "0.000988")
            #expect(try await client.send(.get, "/v1/usage?by=token").status == 400)
            #expect(try await client.send(.get, "/v1/usage?token=aaaaaaaa").status == 400)
            #expect(try await client.send(.get, "/v1/usage?since=yesterday").status == 400)
        }
    }
}
