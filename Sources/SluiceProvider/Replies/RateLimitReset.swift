import SluiceTypes

/// Reads when an allowance is full again, as providers write it: `6m0s`, seconds, a date of RFC 3339, or seconds or milliseconds
/// since 1970.
///
/// Source: the API references of OpenAI ("Rate limits in headers"), Anthropic ("Rate limits", "Response headers"), OpenRouter and
/// Groq.
enum RateLimitReset {
    /// Above this a number is a moment, in seconds since 1970.
    private static let moments = 1e9
    /// Above this it is one in milliseconds.
    private static let milliseconds = 1e12

    /// How long that is after `now`; zero for a moment that has passed, nil for what can't be read.
    static func wait(_ text: String, now: Timestamp) -> Duration? {
        let text = text.trimming { $0 == " " || $0 == "\t" }
        if let number = plain(text) {
            switch number {
            case ...moments: return .milliseconds(Int64((number * 1000).rounded(.up)))
            case ...milliseconds: return until(number * 1000, now)
            default: return until(number, now)
            }
        }
        if let moment = Timestamp(rfc3339: String(text)) { return max(.zero, moment.since(now)) }
        return duration(text)
    }

    private static func until(_ milliseconds: Double, _ now: Timestamp) -> Duration {
        guard milliseconds < 1e15 else { return RetryAfter.longest }
        return max(.zero, Timestamp(milliseconds: Int64(milliseconds.rounded(.up))).since(now))
    }

    /// `1h2m3.5s`, `120ms`, in this order, each unit once at most.
    private static func duration(_ text: Substring) -> Duration? {
        var rest = text
        var sum = 0.0
        var units: [(name: String, milliseconds: Double)] = [
            ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
        ]
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let name = rest[digits.endIndex...].prefix { $0.isASCII && $0.isLetter }
            guard let number = plain(digits), let place = units.firstIndex(where: { $0.name == name }) else {
                return nil
            }
            sum += number * units[place].milliseconds
            units.removeFirst(place + 1)
            rest = rest[name.endIndex...]
        }
        return sum < 1e12 ? .milliseconds(Int64(sum.rounded(.up))) : nil
    }

    /// Digits with an optional fraction: less than `Double` takes, which reads `nan`, `-1` and `0x10`.
    private static func plain(_ digits: Substring) -> Double? {
        guard (1...32).contains(digits.utf8.count), digits.utf8.first.map({ (48...57).contains($0) }) == true,
            digits.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") })
        else { return nil }
        return Double(digits)
    }
}

extension String {
    /// The text without what `isBlank` takes at either end.
    fileprivate func trimming(_ isBlank: (Character) -> Bool) -> Substring {
        var rest = self[...].drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }
}
