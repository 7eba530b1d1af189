/// Whether a provider that answered 429 says that a request is larger than its whole allowance, so that no patience helps.
///
/// Groq and OpenAI write "Request too large for model …: Limit 6000, Requested 6294". With "Used" between the two it is an
/// ordinary limit: less will be used later.
enum TooLarge {
    static func isSaid(in message: String) -> Bool {
        let text = message.lowercased()
        if text.contains("request too large") { return true }
        guard let limit = number(behind: "limit", in: text), let requested = number(behind: "requested", in: text)
        else {
            return false
        }
        return requested > limit
    }

    /// The whole number behind `word`, blanks, a colon and commas between its digits passed over.
    ///
    /// Nil for none, for a negative one, and for one beyond 64 bits: who writes that is not believed.
    private static func number(behind word: String, in text: String) -> Int64? {
        var rest = text[...]
        while let place = rest.firstRange(of: word) {
            rest = rest[place.upperBound...]
            let digits = rest.drop { $0 == " " || $0 == ":" }.prefix { ("0"..."9").contains($0) || $0 == "," }
            guard let first = digits.first, first != "," else { continue }
            return Int64(digits.filter { $0 != "," }).flatMap { scaled($0, by: rest[digits.endIndex...]) }
        }
        return nil
    }

    /// "30k" are 30,000; a number that goes on in another way is not known.
    private static func scaled(_ number: Int64, by suffix: Substring) -> Int64? {
        let scale: Int64
        switch suffix.first {
        case "k": scale = 1000
        case "m": scale = 1_000_000
        case let next? where next.isLetter: return nil
        case "." where suffix.dropFirst().first?.isNumber == true: return nil
        default: scale = 1
        }
        let (product, isOver) = number.multipliedReportingOverflow(by: scale)
        return isOver ? nil : product
    }
}
