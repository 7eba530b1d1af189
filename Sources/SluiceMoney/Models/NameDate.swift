/// The dates that providers put into the names of their models.
enum NameDate {
    /// The lengths of the dates with which a text starts: `20260203` or `2026-02-03`, with a sign in front or not.
    static func lengths(atStartOf text: ArraySlice<UInt8>) -> [Int] {
        guard let first = text.first else { return [] }
        let sign = isDigit(first) ? 0 : separators.contains(first) ? 1 : nil
        guard let sign else { return [] }
        let digits = text.dropFirst(sign)
        if isCompact(digits) { return [sign + 8] }
        if isDashed(digits) { return [sign + 10] }
        return []
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// The name with dashes in its compact dates (`-20260203` to `-2026-02-03`); nil where it has none.
    ///
    /// Some gateways write dates without dashes that the provider writes with them.
    static func dashed(_ name: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var place = name.startIndex
        while place < name.endIndex {
            let digits = name[place...].dropFirst()
            if name[place] == dash, isCompact(digits), isEnd(digits.dropFirst(8)) {
                let date = Array(digits.prefix(8))
                result += [dash] + date[..<4] + [dash] + date[4..<6] + [dash] + date[6...]
                place += 9
            } else {
                result.append(name[place])
                place += 1
            }
        }
        return result.count == name.count ? nil : result
    }

    private static let dash = UInt8(ascii: "-")
    private static let separators = Array("-@_.:".utf8)

    private static func isEnd(_ rest: ArraySlice<UInt8>) -> Bool {
        rest.first.map { $0 == dash || $0 == UInt8(ascii: ":") } ?? true
    }

    private static func isCompact(_ text: ArraySlice<UInt8>) -> Bool {
        isDate(Array(text.prefix(8)))
    }

    private static func isDashed(_ text: ArraySlice<UInt8>) -> Bool {
        let text = Array(text.prefix(10))
        guard text.count == 10, text[4] == dash, text[7] == dash else { return false }
        return isDate(text[..<4] + text[5..<7] + text[8...])
    }

    /// Eight digits that are a day of this century.
    private static func isDate(_ digits: some Collection<UInt8>) -> Bool {
        guard digits.count == 8, digits.allSatisfy(isDigit) else { return false }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        let (month, day) = (number / 100 % 100, number % 100)
        return number / 1_000_000 == 20 && (1...12).contains(month) && (1...31).contains(day)
    }
}
