import SluiceMoney
import Testing

import struct Foundation.Data
import struct Foundation.URL

@Suite struct EmbeddedTableTests {
    let table: PriceTable

    init() throws {
        table = try VectorFile.shared.get().table
    }

    @Test func `says where it comes from`() throws {
        #expect(table.source.package == "genai-prices")
        #expect(table.source.version.isEmpty == false)
        #expect(try #require(table.source.uploaded) > "2026-11")
        #expect(try #require(table.source.newest) > "2026-11")
    }

    @Test func `is a file that an operator could give, too`() throws {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        let file = try Data(contentsOf: root.appending(path: "Sources/CPrices/prices.json"))
        let given = try PriceTable(json: Array(file))
        #expect(given.source == table.source)
        #expect(given.lists.map { $0.models.map(\.prices) } == table.lists.map { $0.models.map(\.prices) })
    }

    @Test(arguments: [
        ("2026-11-10T21:51:41Z", "2026-11-10T21:51:42Z", true),
        ("2026-11-10T21:51:41Z", "2026-11-10T22:51:41+01:00", false),
        ("2026-11-11T00:00:00Z", "2026-11-10T00:00:00Z", false), ("2026-11-11", "2026-11-12", false),
    ])
    func `is older than what was published later`(own: String, other: String, isOlder: Bool) {
        let source = PriceTableSource(package: "p", version: "1", uploaded: own)
        #expect(source.isOlder(than: PriceTableSource(package: "p", version: "1", uploaded: other)) == isOlder)
        #expect(!source.isOlder(than: PriceTableSource(package: "p", version: "1")))
    }

    @Test func `has the limits of models`() throws {
        let found = try #require(table.find("gpt-4o", in: "openai"))
        #expect(found.model.contextWindow == 128_000)
        #expect(found.model.outputLimit == 16_384)
    }

    @Test func `has units that are names, and a price of each model at any time`() {
        for list in table.lists {
            for model in list.models {
                #expect(model.prices.first?.validity == Validity(), "\(list.id) \(model.id)")
                for units in model.prices.map(\.prices) + model.variants.map(\.prices) {
                    #expect(units.byUnit.keys.allSatisfy(UnitName.isValid))
                }
            }
        }
    }
}
