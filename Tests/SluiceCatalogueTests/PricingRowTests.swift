import SluiceCatalogue
import SluiceJSON
import SluiceMoney
import SluiceProvider
import SluiceTypes
import Testing

@Suite("What a row says of its prices")
struct PricingRowTests {
    private func pricing(_ members: String) async throws(ProviderFileError) -> RowPricing? {
        let row = #"""
            {"name": "a", "adapter": "openai-chat", "models": ["m"], "baseURL": "https://example.com/v1",
             "credential": {"env": "KEY"}\#(members.isEmpty ? "" : ", ")\#(members)}
            """#
        let catalogue = try await ProviderFile.parse(
            Array(#"{"version": 1, "providers": [\#(row)]}"#.utf8),
            name: "p.json",
            adapters: adapters,
            environment: ["KEY": "k1"]
        )
        return catalogue.rows.first?.pricing
    }

    @Test("is that its host's list holds, at its prices")
    func standard() async throws {
        let pricing = try #require(try await pricing(""))
        #expect(pricing.list == .host)
        #expect(pricing.prices == nil)
        #expect(pricing.multiplier == .one)
        #expect(pricing.told == nil)
        #expect(pricing.words.isEmpty)
    }

    @Test("is read")
    func read() async throws {
        let members = #"""
            "pricing": "openai", "prices": {"m": {"input": 0.5}}, "multiplier": 1.1, "costFrom": "/usage/cost"
            """#
        let pricing = try #require(try await pricing(members))
        #expect(pricing.list == .named("openai"))
        #expect(pricing.prices?.models.map(\.id) == ["m"])
        #expect(pricing.multiplier.tenThousandths == 11_000)
        let answer = try Document(Array(#"{"usage": {"cost": 0.25}}"#.utf8)).root
        #expect(pricing.told?.money(in: answer) == Money(nanoUSD: 250_000_000))
        #expect(pricing.words == ["list openai", "1 own price", "times 1.1", "as told"])
        let free = try #require(try await self.pricing(#""pricing": "free""#))
        #expect(free.list == .free)
        #expect(free.words == ["free"])
    }

    private static let faults = [
        (#""pricing": 3"#, "must be a string"), (#""prices": []"#, "must be an object"),
        (#""prices": {"m": {"input": -1}}"#, "a price is negative"),
        (#""prices": {"m": {}}"#, "a model has no prices"), (#""prices": {"m": {"input": "x"}}"#, "no number of USD"),
        (#""multiplier": "1.1""#, "must be a number"), (#""multiplier": -1"#, "from 0 to 10000"),
        (#""multiplier": 1.00001"#, "four decimals"), (#""costFrom": "usage""#, "must be a pointer"),
        (#""costFrom": {"at": "/a", "usd": "x"}"#, "decimal number of USD"),
        (#""costFrom": {"at": "/a", "per": "x"}"#, "known are at, usd"),
    ]

    @Test("is refused where it can't be", arguments: faults)
    func faulty(members: String, sentence: String) async throws {
        let error = await #expect(throws: ProviderFileError.self) { try await pricing(members) }
        #expect(
            error?.faults.contains { $0.message.contains(sentence) } == true,
            "\(error?.faults.map(\.message) ?? [])"
        )
    }
}
