import SluiceMoney
import SluiceTypes
import Testing

@testable import sluice

@Suite("What a model costs, as the command line shows it")
struct PriceSheetTests {
    private static let json = """
        {"format":1,"source":{"package":"p","version":"1","wheel":"00","uploaded":"2026-01-01T00:00:00Z","newest":"2026-01-01"},
        "lists":[
        {"id":"maker","models":[
        {"id":"big","is":["big"],"prices":[{"units":{"input":[1000000,200000,2000000],"output":8000000,"searches.web":10000000000}},
        {"from":"2027-01-01","units":{"input":500000,"output":4000000}}],
        "variants":[{"when":{"service_tier":"flex"},"units":{"input":500000}}]},
        {"id":"clip","is":["clip"],"prices":[{"units":{"pixels":15}}]},
        {"id":"wide","is":["*wide*"],"prices":[{"units":{"input":7000000}}]}]},
        {"id":"reseller","also":["maker"],"models":[]},
        {"id":"own","models":[{"id":"wide-x","is":["wide-x"],"prices":[{"units":{"input":3000000}}]}]}]}
        """

    private func sheet(
        _ model: String,
        at day: String = "2026-06-01",
        provider: String? = nil,
        before own: String? = nil
    ) throws -> PriceSheet {
        let moment = try #require(Timestamp(rfc3339: day + "T00:00:00Z"))
        let tables = try [own, PriceSheetTests.json].compactMap(\.self).map { try PriceTable(json: Array($0.utf8)) }
        return PriceSheet(model, at: moment, provider: provider, in: tables)
    }

    private func words(_ sheet: PriceSheet) -> [String] {
        sheet.lines.map { "\($0.list) \($0.model) \($0.unit) \($0.usd)/\($0.per) \($0.when.joined(separator: ","))" }
    }

    @Test("tells tokens by the million and searches by one, each length and term apart")
    func told() throws {
        #expect(
            words(try sheet("big", provider: "maker")) == [
                "maker big input 1/1000000 ", "maker big input 2/1000000 input>200000", "maker big output 8/1000000 ",
                "maker big searches.web 0.01/1 ", "maker big input 0.5/1000000 service_tier=flex",
            ]
        )
    }

    @Test("is that of the moment that was asked for")
    func then() throws {
        let lines = try sheet("big", at: "2027-02-01", provider: "reseller").lines
        #expect(lines.map(\.usd) == ["0.5", "4"])
    }

    @Test("has no terms of the maker where another serves the model")
    func borrowed() throws {
        let lines = try sheet("big").lines
        #expect(Set(lines.map(\.list)) == ["maker", "reseller"])
        #expect(lines.filter { !$0.when.isEmpty && $0.when[0].hasPrefix("service_tier") }.map(\.list) == ["maker"])
    }

    @Test("loses no part of a nano-dollar")
    func small() throws {
        #expect(words(try sheet("clip", provider: "maker")) == ["maker clip pixels 0.000015/1000000 "])
    }

    @Test("takes a part of a name only where nobody has the whole, and says so")
    func approximate() throws {
        let whole = try sheet("wide-x")
        #expect(whole.isExact)
        #expect(whole.lines.map(\.list) == ["own"])
        let part = try sheet("my-wide-model")
        #expect(!part.isExact)
        #expect(Set(part.lines.map(\.list)) == ["maker", "reseller"])
    }

    @Test("is of the operator's table where that has the model, and else of the built-in one")
    func own() throws {
        let own = """
            {"format":1,"source":{"package":"own","version":"1"},"lists":[{"id":"maker","models":[
            {"id":"big","is":["big"],"prices":[{"units":{"input":42000000}}]}]}]}
            """
        #expect(words(try sheet("big", provider: "maker", before: own)) == ["maker big input 42/1000000 "])
        #expect(try sheet("clip", provider: "maker", before: own).lines.map(\.unit) == ["pixels"])
        #expect(try sheet("big", provider: "reseller", before: own).lines.first?.usd == "1")
    }

    @Test("is nothing for a name in no list")
    func unknown() throws {
        #expect(try sheet("nobody").lines.isEmpty)
        #expect(try sheet("big", provider: "nobody").lines.isEmpty)
    }
}
