/// A number in decimal digits, exactly as it was written: `mantissa` · 10^`exponent`.
struct DecimalText: Hashable, Sendable {
    var mantissa: Int128
    var exponent: Int

    /// More digits would not fit; no price and no amount has as many.
    private static let mostDigits = 30

    /// Reads JSON's form of a number (RFC 8259), where zeros in front are allowed; nil for anything else.
    init?(_ text: some StringProtocol) {
        var rest = Substring(text).utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        mantissa = 0
        exponent = 0
        guard let whole = take(&rest) else { return nil }
        var digits = whole
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard let fraction = take(&rest) else { return nil }
            digits += fraction
            exponent = -fraction
        }
        guard digits <= DecimalText.mostDigits else { return nil }
        if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            rest.removeFirst()
            guard let power = DecimalText.power(rest) else { return nil }
            exponent += power
            rest = rest[rest.endIndex...]
        }
        guard rest.isEmpty else { return nil }
        if isNegative { mantissa = -mantissa }
    }

    /// Takes the digits in front into the mantissa; nil where there are none.
    private mutating func take(_ rest: inout Substring.UTF8View.SubSequence) -> Int? {
        var count = 0
        while let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            // Beyond the most that is taken the value doesn't matter, only that it doesn't overflow.
            if count < DecimalText.mostDigits, mantissa < 1_000_000_000_000_000_000_000_000_000_000 {
                mantissa = mantissa * 10 + Int128(byte - UInt8(ascii: "0"))
            }
            count += 1
            rest.removeFirst()
        }
        return count > 0 ? count : nil
    }

    private static func power(_ text: Substring.UTF8View.SubSequence) -> Int? {
        var digits = text
        let sign = digits.first
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { digits.removeFirst() }
        guard (1...3).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return sign == UInt8(ascii: "-") ? -value : value
    }

    /// The whole number nearest to the value · 10^`power`, half-even; nil beyond 128 bits.
    func scaled(by power: Int) -> Int128? {
        var left = exponent + power
        var value = mantissa
        if left < 0 {
            // Of 10^38 and more nothing is left of thirty digits.
            guard left >= -37 else { return 0 }
            return value.dividedHalfEven(by: DecimalText.powerOfTen(-left))
        }
        while left > 0, value != 0 {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            value = product
            left -= 1
        }
        return value
    }

    /// The value · 10^`power` where that is a whole number within 128 bits.
    func exactly(by power: Int) -> Int128? {
        var number = self
        while number.exponent + power < 0, number.mantissa != 0 {
            guard number.mantissa % 10 == 0 else { return nil }
            number.mantissa /= 10
            number.exponent += 1
        }
        return number.scaled(by: power)
    }

    private static func powerOfTen(_ power: Int) -> Int128 {
        (0..<power).reduce(1) { value, _ in value * 10 }
    }
}
