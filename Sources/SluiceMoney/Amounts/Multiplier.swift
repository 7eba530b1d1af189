/// What the prices of a row are multiplied with: a number from 0 to 10,000 with four decimals at most.
public struct Multiplier: Hashable, Sendable {
    /// The factor in ten thousandths: 11,000 is 1.1.
    public let tenThousandths: Int64

    /// The factor of a row that says none.
    public static let one = Multiplier(unchecked: 10_000)

    private init(unchecked tenThousandths: Int64) {
        self.tenThousandths = tenThousandths
    }

    /// Takes ten thousandths; nil where they are negative or over 10,000 times.
    public init?(tenThousandths: Int64) {
        guard (0...100_000_000).contains(tenThousandths) else { return nil }
        self.tenThousandths = tenThousandths
    }

    /// Reads a decimal number; nil for anything else, for more than four decimals, and beyond the range.
    public init?(_ text: some StringProtocol) {
        guard let value = DecimalText(text)?.exactly(by: 4), let value = Int64(exactly: value) else { return nil }
        self.init(tenThousandths: value)
    }
}

extension Multiplier: CustomStringConvertible {
    /// The decimal number without zeros at its end: `1.1`.
    public var description: String { Money(nanoUSD: tenThousandths * 100_000).description }
}
