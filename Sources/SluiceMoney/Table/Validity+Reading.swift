import SluiceJSON
import SluiceTypes

extension Validity {
    /// Takes `from`, `until` (days, from their first moment in UTC) and `hours` out of an object.
    init(reading object: inout TableObject) throws(PriceTableFault) {
        self.init(
            from: try Validity.day(object.take("from")),
            until: try Validity.day(object.take("until")),
            hours: try Validity.hours(object.take("hours"))
        )
        if let from, let until, until <= from {
            throw PriceTableFault("a price ends before it begins", at: object.value)
        }
    }

    private static func day(_ value: JSONValue?) throws(PriceTableFault) -> Timestamp? {
        guard let value else { return nil }
        guard let text = value.string, text.utf8.count == 10, let day = Timestamp(rfc3339: "\(text)T00:00:00Z") else {
            throw PriceTableFault("this is no day, such as 2026-11-30", at: value)
        }
        return day
    }

    private static func hours(_ value: JSONValue?) throws(PriceTableFault) -> DailyHours? {
        guard let value else { return nil }
        guard let hours = value.string.flatMap(DailyHours.init) else {
            throw PriceTableFault("these are no hours, such as 16:30-00:30", at: value)
        }
        return hours
    }
}
