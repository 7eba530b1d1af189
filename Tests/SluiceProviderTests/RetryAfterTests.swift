import SluiceProvider
import SluiceTypes
import Testing

@Suite("Retry-After")
struct RetryAfterTests {
    /// Sunday, 6 November 1994, 08:49:30 UTC.
    private let now = Timestamp(milliseconds: 784_111_770_000)

    @Test(
        "is read in every form, and held to a day",
        arguments: [
            ("Retry-After", "20", Duration.seconds(20)),
            ("retry-after", " 1.5 ", .milliseconds(1500)),
            ("Retry-After", "0", .zero),
            ("Retry-After", "86401", .seconds(86_400)),
            ("Retry-After", "99999999999999999999999", .seconds(86_400)),
            ("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT", .seconds(7)),
            ("Retry-After", "Sunday, 06-Nov-94 08:49:37 GMT", .seconds(7)),
            ("Retry-After", "Sun Nov  6 08:49:37 1994", .seconds(7)),
            ("Retry-After", "Sun, 06 Nov 1994 08:49:00 GMT", .zero),
            ("Retry-After", "Sun, 06 Nov 2094 08:49:37 GMT", .seconds(86_400)),
            ("retry-after-ms", "250", .milliseconds(250)),
            ("Retry-After-Ms", "0.2", .milliseconds(1)),
        ]
    )
    func forms(name: String, value: String, expected: Duration) {
        let head = ResponseHead(status: 429, headers: [HeaderField(name, value)])
        #expect(RetryAfter.parse(head, now: now) == expected)
    }

    @Test(
        "that is junk is none",
        arguments: [
            "", " ", "-1", "nan", "inf", "0x10", "1e9", "soon", "5 apples", "1.2.3", "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "06 Nov 1994",
        ]
    )
    func junk(value: String) {
        let head = ResponseHead(status: 429, headers: [HeaderField("Retry-After", value)])
        #expect(RetryAfter.parse(head, now: now) == nil)
    }

    @Test("in milliseconds goes before seconds, and junk in it does not hide them")
    func precedence() {
        var head = ResponseHead(
            status: 429,
            headers: [HeaderField("Retry-After", "9"), HeaderField("retry-after-ms", "5")]
        )
        #expect(RetryAfter.parse(head, now: now) == .milliseconds(5))
        head.headers[1].value = "x"
        #expect(RetryAfter.parse(head, now: now) == .seconds(9))
        #expect(RetryAfter.parse(ResponseHead(status: 429, headers: []), now: now) == nil)
    }
}
