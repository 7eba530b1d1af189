/// A moment in time: whole milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Stores keep the integer; JSON carries RFC 3339 in UTC with three decimals.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the Unix epoch.
    public var milliseconds: Int64

    /// Creates the moment that lies `milliseconds` after the Unix epoch.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Tells whether `left` is the earlier moment.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment `duration` later, rounded down to the millisecond, held at the ends of the range instead of trapping.
    public func adding(_ duration: Duration) -> Timestamp {
        let (steps, rest) = duration.attoseconds.quotientAndRemainder(dividingBy: 1_000_000_000_000_000)
        return Timestamp(milliseconds: Int64(clamping: Int128(milliseconds) + (rest < 0 ? steps - 1 : steps)))
    }

    /// How long after `earlier` this moment is; negative when it came before.
    public func since(_ earlier: Timestamp) -> Duration {
        .milliseconds(milliseconds) - .milliseconds(earlier.milliseconds)
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with three decimals, as in `2026-11-24T19:05:47.123Z`.
    ///
    /// RFC 3339 ends at the year 9999; later years have more digits, years before 0000 a minus sign.
    public var description: String {
        let (day, millisecond) = Timestamp.floorDivide(milliseconds, 86_400_000)
        let (year, month, dayOfMonth) = Timestamp.civil(fromDays: day)
        let second = millisecond / 1000
        var text = DigitWriter()
        text.write(year, 4, "-")
        text.write(month, 2, "-")
        text.write(dayOfMonth, 2, "T")
        text.write(second / 3600, 2, ":")
        text.write(second / 60 % 60, 2, ":")
        text.write(second % 60, 2, ".")
        text.write(millisecond % 1000, 3, "Z")
        return text.string
    }

    /// Reads an RFC 3339 date and time with any fraction and any offset; nil for anything else.
    ///
    /// A leap second (`:60`) is read as the first moment of the next minute; digits beyond the millisecond are cut.
    public init?(rfc3339 text: some StringProtocol) {
        var reader = DigitReader(text.utf8)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2), reader.skip("T") || reader.skip("t") || reader.skip(" "),
            let hour = reader.number(2), reader.skip(":"), let minute = reader.number(2), reader.skip(":"),
            let second = reader.number(2), (1...12).contains(month), day >= 1,
            day <= Timestamp.days(in: month, of: year),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var fraction: Int64 = 0
        if reader.skip(".") {
            guard let milliseconds = reader.fraction() else { return nil }
            fraction = milliseconds
        }
        var offset: Int64 = 0
        if !(reader.skip("Z") || reader.skip("z")) {
            let sign: Int64
            if reader.skip("+") { sign = 1 } else if reader.skip("-") { sign = -1 } else { return nil }
            guard let hours = reader.number(2), reader.skip(":"), let minutes = reader.number(2), hours < 24,
                minutes < 60
            else { return nil }
            offset = sign * (hours * 60 + minutes)
        }
        guard reader.isAtEnd else { return nil }
        let days = Timestamp.days(fromCivil: year, month, day)
        let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second
        self.init(milliseconds: seconds * 1000 + fraction)
    }

    // The two calendar functions are Howard Hinnant's `civil_from_days` and `days_from_civil`
    // (http://howardhinnant.github.io/date_algorithms.html): Foundation's formatters cost more than the rest of a request.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func days(fromCivil year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let (era, yearOfEra) = floorDivide(month <= 2 ? year - 1 : year, 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The first moments of the UTC month that holds this one, and of the next.
    var month: (begin: Timestamp, end: Timestamp) {
        let (year, month, _) = Timestamp.civil(fromDays: Timestamp.floorDivide(milliseconds, 86_400_000).quotient)
        let next = month == 12 ? (year + 1, 1) : (year, month + 1)
        let begin = Timestamp.days(fromCivil: year, month, 1) * 86_400_000
        let end = Timestamp.days(fromCivil: next.0, next.1, 1) * 86_400_000
        return (Timestamp(milliseconds: begin), Timestamp(milliseconds: end))
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// Writes decimal fields of a least width into one piece of text.
///
/// Interpolation would make a string for each field; a record has four dates.
private struct DigitWriter {
    private var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(24)
    }

    var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Writes the field and what ends it.
    mutating func write(_ value: Int64, _ width: Int, _ end: Unicode.Scalar) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        var digits = 1
        var weight: UInt64 = 1
        while digits < width || rest / weight > 9 {
            weight *= 10
            digits += 1
        }
        while weight > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(rest / weight))
            rest %= weight
            weight /= 10
        }
        bytes.append(UInt8(ascii: end))
    }
}

/// Reads fixed-width decimal fields off a string of ASCII.
private struct DigitReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        rest = ArraySlice(bytes)
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(_ width: Int) -> Int64? {
        guard rest.count >= width else { return nil }
        var value: Int64 = 0
        for byte in rest.prefix(width) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        rest.removeFirst(width)
        return value
    }

    /// At least one digit; the first three count.
    mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var weight: Int64 = 100
        var seen = false
        while let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            value += Int64(byte - UInt8(ascii: "0")) * weight
            weight /= 10
            seen = true
            rest.removeFirst()
        }
        return seen ? value : nil
    }
}
