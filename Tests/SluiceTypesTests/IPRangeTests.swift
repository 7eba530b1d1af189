import SluiceTypes
import Testing

/// Ranges of addresses, as operators write them.
struct IPRangeTests {
    @Test(
        "hold what begins like them, in either version",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false), ("0.0.0.0/0", "203.0.113.9", true),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false),
            ("2001:db8::/33", "2001:db8:8000::1", false), ("::ffff:10.0.0.0/104", "10.9.9.9", true),
            ("::/0", "::1", true), ("::/0", "10.0.0.1", false), ("192.0.2.128/25", "192.0.2.127", false),
        ]
    )
    func contains(range: String, address: String, isIn: Bool) throws {
        let range = try #require(IPRange(range))
        #expect(range.contains(try #require(IPAddress(address))) == isIn)
    }

    @Test(
        "are nothing else",
        arguments: [
            "", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.1/8", "::/129", "proxy.example.org",
            "10.0.0",
            "10.0.0.0/+8", "10.0.0.0 /8",
        ]
    )
    func bad(text: String) {
        #expect(IPRange(text) == nil)
    }
}
