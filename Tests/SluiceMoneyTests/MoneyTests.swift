import SluiceMoney
import Testing

@Suite struct MoneyTests {
    @Test(arguments: [
        ("0", 0, "0"), ("1", 1_000_000_000, "1"), ("0.0125", 12_500_000, "0.0125"), ("-3", -3_000_000_000, "-3"),
        ("1e-9", 1, "0.000000001"), ("1E+2", 100_000_000_000, "100"), ("-0.000000001", -1, "-0.000000001"),
        ("9223372036.854775807", Int64.max, "9223372036.854775807"),
        ("-9223372036.854775808", Int64.min, "-9223372036.854775808"), ("007.50", 7_500_000_000, "7.5"),
    ])
    func `is decimal USD in both directions`(text: String, nano: Int64, written: String) {
        #expect(Money(usd: text)?.nanoUSD == nano)
        #expect(Money(nanoUSD: nano).description == written)
    }

    @Test(arguments: [
        ("0.0000000005", 0), ("0.0000000015", 2), ("0.0000000025", 2), ("0.00000000250000000001", 3),
        ("-0.0000000005", 0), ("-0.0000000015", -2), ("0.00000000049999999999", 0), ("1e-99", 0),
    ])
    func `rounds to the even one of two that are equally near`(text: String, nano: Int64) {
        #expect(Money(usd: text)?.nanoUSD == nano)
    }

    @Test(arguments: [
        "", "-", ".5", "5.", "1e", "1e+", "1,5", " 1", "1 ", "0x10", "NaN", "9223372036.8547758075", "1e99", "1e100",
        "+1",
        "1000000000000000000000000000000", "1.0000000000000000000000000000000", "١",
    ])
    func `takes nothing else`(text: String) {
        #expect(Money(usd: text) == nil)
    }

    @Test(arguments: [
        ("12345", "1e-10", 1234), ("12355", "1e-10", 1236), ("0.25", "1", 250_000_000), ("0", "1e-10", 0),
    ])
    func `reads what a provider tells in its own unit, and rounds once`(text: String, unit: String, nano: Int64) {
        #expect(Money(told: text, inUnitsOf: unit)?.nanoUSD == nano)
    }

    @Test(arguments: [
        ("-1", "1"), ("1", "-1"), ("x", "1"), ("1", "x"), ("1e30", "1"),
        ("99999999999999999999", "99999999999999999999"),
    ])
    func `is told nothing negative, and nothing beyond its range`(text: String, unit: String) {
        #expect(Money(told: text, inUnitsOf: unit) == nil)
    }

    @Test(arguments: [
        ("1", 10_000), ("1.1", 11_000), ("0.0001", 1), ("0", 0), ("10000", 100_000_000), ("1.10000", 11_000),
        ("1e-4", 1),
    ])
    func `a factor has four decimals`(text: String, value: Int64) {
        #expect(Multiplier(text)?.tenThousandths == value)
    }

    @Test(arguments: ["1.00001", "-1", "10000.0001", "", "1e30", "0.00005", "1e-9"])
    func `no other factor is taken`(text: String) {
        #expect(Multiplier(text) == nil)
    }
}
