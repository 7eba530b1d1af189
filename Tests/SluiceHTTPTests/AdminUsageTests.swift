import SluiceHTTP
import SluiceJSON
import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Testing

@Suite("What was used, as operators ask for it")
struct AdminUsageTests {
    /// The answer to `query` on a fixed day, after a line of each of two days.
    private func usage(
        _ query: [String: String],
        others: [(model: String, cost: LedgerCost)] = []
    ) async throws -> (status: Int, root: JSONValue) {
        let gateway = Gateway()
        _ = try await gateway.tokens.create(TokenOrder(name: "ada"), actor: "test")
        let owner = try #require(try await gateway.store.owners().first?.id)
        for (day, cost) in [(20_756, 1_500_000_000), (20_757, 250)] as [(Int64, Int64)] {
            var entry = LedgerEntry(told: Usage(promptTokens: 10, completionTokens: 2))
            entry.cost = .priced(cost)
            await gateway.store.post(
                entry,
                LedgerKey(owner: owner, token: nil, provider: "up", model: "=m", at: UsageMoment.of(day))
            )
        }
        for (model, cost) in others {
            var entry = LedgerEntry(told: Usage(promptTokens: 1, completionTokens: 1))
            entry.cost = cost
            await gateway.store.post(
                entry,
                LedgerKey(owner: owner, token: nil, provider: "up", model: model, at: UsageMoment.of(20_757))
            )
        }
        let api = AdminAPI(
            tokens: gateway.tokens,
            records: gateway.store,
            jobs: gateway.engine,
            engine: nil,
            reload: nil,
            info: ServerInfo(version: "0.1.0", pid: 7, boot: "b", startedAt: .now(), address: { "" }),
            now: { UsageMoment.of(20_757) }
        )
        let request = AdminRequest(method: "GET", path: ["admin", "v1", "usage"], query: query, headers: [:], body: [])
        let reply = await api.respond(request)
        return (reply.status, try Document(reply.body).root)
    }

    private enum UsageMoment {
        static func of(_ day: Int64) -> Timestamp { Timestamp(milliseconds: day * 86_400_000 + 3_600_000) }
    }

    @Test("is told by day and owner, in decimal USD, with the sum of all")
    func told() async throws {
        let (status, root) = try await usage(["since": "2026-10-30", "by": "owner,day"])
        #expect(status == 200)
        #expect(root[key: "until"]?.string == "2026-10-31")
        let sums = try #require(root[key: "usage"]?.elements)
        #expect(sums.map { $0[key: "day"]?.string } == ["2026-10-30", "2026-10-31"])
        #expect(sums.map { $0[key: "owner"]?.string } == ["ada", "ada"])
        #expect(sums.map { $0[key: "costUSD"]?.string } == ["1.5", "0.00000025"])
        #expect(root[key: "total"]?[key: "costUSD"]?.string == "1.50000025")
        #expect(root[key: "total"]?[key: "input"]?.integer == 20)
    }

    @Test("is of the days that were asked for, and of whom")
    func narrowed() async throws {
        let day = try await usage(["since": "2026-10-31"]).root
        #expect(day[key: "total"]?[key: "calls"]?.integer == 1)
        let other = try await usage(["since": "2026-10-01", "provider": "other"]).root
        #expect(other[key: "usage"]?.elements.isEmpty == true)
        let owners = try await usage(["since": "2026-10-01", "owner": "ada", "by": "model"]).root
        #expect(owners[key: "usage"]?[0]?[key: "model"]?.string == "=m")
    }

    @Test(
        "is told of what has no price, or what nobody told, where that is looked for",
        arguments: [("unpriced", "=new"), ("unknown", "=cut")]
    )
    func wanted(state: String, model: String) async throws {
        let others: [(model: String, cost: LedgerCost)] = [
            ("=new", .unpriced(reason: "model", low: 3)), ("=cut", .unknown(low: 1, likely: 2, high: 4)),
        ]
        let (status, root) = try await usage(["since": "2026-10-30", "by": "model", "with": state], others: others)
        #expect(status == 200)
        #expect(root[key: "usage"]?.elements.map { $0[key: "model"]?.string } == [model])
        #expect(root[key: "total"]?[key: "calls"]?.integer == 1)
        #expect(root[key: "total"]?[key: state]?.integer == 1)
    }

    private static let faults = [
        ["since": "2026-02-30"], ["since": "yesterday"], ["since": "2026-10-31", "until": "2026-10-30"],
        ["by": "month"],
        ["by": "day,"], ["with": "priced"], ["model": ""], ["session": "mine"], ["owner": "nobody"],
    ]

    @Test("is refused where the question can't be", arguments: faults)
    func faulty(query: [String: String]) async throws {
        let (status, root) = try await usage(query)
        #expect(status == (query["owner"] == nil ? 400 : 404))
        #expect(root[key: "detail"]?.string?.isEmpty == false)
    }
}
