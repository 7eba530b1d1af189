public import SluiceTypes

/// Reads how long a provider asks to be left alone.
///
/// Source: RFC 9110, section 10.2.3; `retry-after-ms`, which OpenAI and Azure send beside it; the fields that tell when an
/// allowance is full again, of which ``RateLimitReset`` reads one.
public enum RetryAfter {
    /// The longest wait that is read.
    public static let longest = Duration.seconds(86_400)

    /// How long to wait after `now`: the milliseconds, the seconds or the date that `head` names, else until the allowances
    /// that are used up are full again.
    ///
    /// Of several such allowances the last counts. A date that has passed is no wait; a wait over 24 hours is 24 hours; nil when
    /// nothing can be read.
    public static func parse(_ head: ResponseHead, now: Timestamp) -> Duration? {
        if let milliseconds = head["retry-after-ms"].flatMap(number) {
            return .milliseconds(Int64(min(milliseconds.rounded(.up), 86_400_000)))
        }
        guard let text = head["retry-after"] else { return resets(head, now: now) }
        // Some write the moment where the seconds belong.
        if let wait = RateLimitReset.wait(text, now: now) { return min(longest, wait) }
        return date(text, now: now).map { min(longest, max(.zero, $0.since(now))) }
    }

    private static func resets(_ head: ResponseHead, now: Timestamp) -> Duration? {
        var spent: [Duration] = []
        var others: [Duration] = []
        for field in head.headers {
            let name = field.name.lowercased()
            guard name.contains("ratelimit"), name.contains("reset"),
                let wait = RateLimitReset.wait(field.value, now: now)
            else { continue }
            switch head[name.replacing("reset", with: "remaining")].flatMap(number) {
            case 0: spent.append(wait)
            case nil: others.append(wait)
            default: break
            }
        }
        return (spent.isEmpty ? others : spent).max().map { min(longest, $0) }
    }

    /// Digits with an optional fraction: less than `Double` takes, which reads `nan`, `-1` and `0x10`.
    private static func number(_ text: String) -> Double? {
        let words = text.split { $0 == " " || $0 == "\t" }
        guard words.count == 1, let digits = words.first, digits.utf8.count <= 32,
            digits.utf8.first.map({ (48...57).contains($0) }) == true,
            digits.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") })
        else { return nil }
        return Double(digits)
    }

    /// One of the three forms of an HTTP date (RFC 9110, section 5.6.7).
    private static func date(_ text: String, now: Timestamp) -> Timestamp? {
        let fields = text.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
        switch fields.count {
        // Sun, 06 Nov 1994 08:49:37 GMT
        case 6 where fields[5] == "GMT" && fields[3].utf8.count == 4:
            return timestamp(day: fields[1], month: fields[2], year: fields[3], time: fields[4])
        // Sunday, 06-Nov-94 08:49:37 GMT; more than 50 years ahead is the century before.
        case 6 where fields[5] == "GMT" && fields[3].utf8.count == 2:
            let date = timestamp(day: fields[1], month: fields[2], year: "20\(fields[3])", time: fields[4])
            guard let date, date.since(now) > .seconds(50 * 31_557_600) else { return date }
            return timestamp(day: fields[1], month: fields[2], year: "19\(fields[3])", time: fields[4])
        // Sun Nov  6 08:49:37 1994
        case 5:
            return timestamp(day: fields[2], month: fields[1], year: fields[4], time: fields[3])
        default:
            return nil
        }
    }

    private static func timestamp(day: String, month: String, year: String, time: String) -> Timestamp? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let index = months.firstIndex(of: month) else { return nil }
        let number = index < 9 ? "0\(index + 1)" : "\(index + 1)"
        let padding = day.utf8.count == 1 ? "0" : ""
        return Timestamp(rfc3339: "\(year)-\(number)-\(padding)\(day)T\(time)Z")
    }
}
