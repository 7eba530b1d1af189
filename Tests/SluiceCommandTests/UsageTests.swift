import SluiceJSON
import Testing

@testable import sluice

@Suite("Usage, as the command line shows it")
struct UsageTests {
    @Test(
        "as a field of comma-separated values is no formula and breaks no line",
        arguments: [
            ("gpt", "gpt"), ("", ""), ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"), ("+1", "'+1"), ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""), ("=a,b", "\"'=a,b\""),
        ]
    )
    func field(text: String, field: String) {
        #expect(CSV.field(text) == field)
    }

    @Test(
        "of a month has its first and last day",
        arguments: [("2026-02", "28"), ("2028-02", "29"), ("2026-10", "31"), ("2026-11", "30")]
    )
    func month(text: String, last: String) throws {
        let month = try #require(MonthArgument(argument: text))
        #expect(month.first == text + "-01")
        #expect(month.last == text + "-" + last)
    }

    @Test(
        "has no month that is none",
        arguments: ["", "2026", "2026-1", "2026-13", "26-10", "2026-10-01", "2026-00", "x"]
    )
    func noMonth(text: String) {
        #expect(MonthArgument(argument: text) == nil)
    }

    @Test("of a spreadsheet is told apart by day, provider and model, and by what was asked for besides, each once")
    func parts() {
        #expect(UsageTable.csvParts(with: nil) == "day,provider,model")
        #expect(UsageTable.csvParts(with: "model,owner,day,token") == "day,provider,model,owner,token")
    }
}
