/// An amount of money: whole nano-USD, thousand millionths of a US dollar.
public struct Money: Hashable, Comparable, Sendable {
    /// The amount in nano-USD.
    public var nanoUSD: Int64

    /// Nothing.
    public static let zero = Money(nanoUSD: 0)

    /// Takes an amount in nano-USD.
    public init(nanoUSD: Int64) {
        self.nanoUSD = nanoUSD
    }

    /// Reads decimal USD, such as `0.0125`, `-3` or `1e-7`, rounded half-even to nano-USD.
    ///
    /// Nil for anything but a decimal number, and for one that is too large (about 9.2 thousand million USD).
    public init?(usd text: some StringProtocol) {
        guard let nano = DecimalText(text)?.scaled(by: 9), let value = Int64(exactly: nano) else { return nil }
        nanoUSD = value
    }

    /// Reads what a provider says that a call cost: `text` in units of `usd` USD each, rounded once.
    ///
    /// Nil for anything but two decimal numbers, for a negative amount, and for one that is too large.
    public init?(told text: some StringProtocol, inUnitsOf usd: some StringProtocol) {
        guard var amount = DecimalText(text), let unit = DecimalText(usd) else { return nil }
        let (product, overflow) = amount.mantissa.multipliedReportingOverflow(by: unit.mantissa)
        guard !overflow, product >= 0 else { return nil }
        amount.mantissa = product
        amount.exponent += unit.exponent
        guard let nano = amount.scaled(by: 9), let value = Int64(exactly: nano) else { return nil }
        nanoUSD = value
    }

    /// Tells whether `left` is the smaller amount.
    public static func < (left: Money, right: Money) -> Bool { left.nanoUSD < right.nanoUSD }
}

extension Money: CustomStringConvertible {
    /// Decimal USD without zeros at the end, as JSON carries it in a string: `0.0125`, `-3`, `0`.
    public var description: String {
        let (whole, rest) = nanoUSD.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        let sign = nanoUSD < 0 ? "-" : ""
        guard rest > 0 else { return "\(sign)\(whole)" }
        var digits = String(rest)
        digits = String(repeating: "0", count: 9 - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(sign)\(whole).\(digits)"
    }
}
