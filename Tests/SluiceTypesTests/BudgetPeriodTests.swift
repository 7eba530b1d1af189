import SluiceTypes
import Testing

/// When the windows of budgets begin and end.
@Suite struct BudgetPeriodTests {
    private func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    private func window(
        _ period: String,
        at text: String,
        since: String = "2026-01-10T07:30:00Z"
    ) throws -> BudgetWindow {
        try #require(BudgetPeriod(period)).window(at: moment(text), since: moment(since))
    }

    @Test(arguments: [
        ("day", "2026-11-30T23:59:59.999Z", "2026-11-30T00:00:00Z", "2026-12-01T00:00:00Z"),
        ("day", "2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"),
        ("month", "2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("month", "2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"),
        ("7d", "2026-01-10T07:30:00Z", "2026-01-10T07:30:00Z", "2026-01-17T07:30:00Z"),
        ("7d", "2026-01-17T07:29:59.999Z", "2026-01-10T07:30:00Z", "2026-01-17T07:30:00Z"),
        ("7d", "2026-01-17T07:30:00Z", "2026-01-17T07:30:00Z", "2026-01-24T07:30:00Z"),
        // Before it was set there was no window.
        ("7d", "2026-01-01T00:00:00Z", "2026-01-10T07:30:00Z", "2026-01-17T07:30:00Z"),
        ("day", "1969-12-31T12:00:00Z", "1969-12-31T00:00:00Z", "1970-01-01T00:00:00Z"),
    ])
    func `windows follow the calendar, or the moment at which they were set`(
        period: String,
        at text: String,
        begin: String,
        end: String
    ) throws {
        let window = try window(period, at: text)
        #expect(window.begin == (try moment(begin)))
        #expect(window.end == (try moment(end)))
        #expect(!window.contains(try moment(end)))
        #expect(window.contains(try moment(begin)))
    }

    @Test func `one for ever has no end`() throws {
        let window = try window("ever", at: "2026-01-10T07:30:00Z")
        #expect(window.end == nil)
        #expect(window.contains(.init(milliseconds: .max)))
    }

    @Test(arguments: ["", "d", "0d", "-1d", "3661d", "07d", "7", "7 d", "week", "Day", "1e3d", "9223372036854775808d"])
    func `nothing else is a period`(text: String) {
        #expect(BudgetPeriod(text) == nil)
    }

    @Test(arguments: ["day", "month", "ever", "1d", "30d", "3660d"])
    func `each is written as it is read`(text: String) {
        #expect(BudgetPeriod(text)?.description == text)
    }
}
