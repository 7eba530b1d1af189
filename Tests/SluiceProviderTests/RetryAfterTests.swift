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

    @Test(
        "is read of the fields that tell when an allowance is full again, in whatever form",
        arguments: [
            ("6m0s", 360_000), ("1h2m3.5s", 3_723_500), ("120ms", 120), ("1.5s", 1500), ("2d", 172_800_000),
            ("30", 30_000),
            ("0.5", 500), ("1893456030", 30_000), ("1893456030500", 30_500), ("2030-01-01T00:00:30Z", 30_000),
            // A moment that has passed is no wait.
            ("1893455000", 0), ("2029-01-01T00:00:00Z", 0),
            ("soon", nil), ("-5", nil), ("1s2h", nil), ("5x", nil), ("", nil), ("1e9", nil),
            ("99999999999999999", 86_400_000),
        ] as [(String, Int64?)]
    )
    func resets(value: String, milliseconds: Int64?) {
        // 2030-01-01T00:00:00Z
        let now = Timestamp(milliseconds: 1_893_456_000_000)
        let head = ResponseHead(status: 429, headers: [HeaderField("X-RateLimit-Reset-Requests", value)])
        let expected = milliseconds.map { min(Duration.milliseconds($0), RetryAfter.longest) }
        #expect(RetryAfter.parse(head, now: now) == expected)
    }

    @Test(
        "is read of the allowances that are used up, the last of them, and of all where nothing is said of what is left",
        arguments: [
            (["x-ratelimit-reset-requests: 1s", "x-ratelimit-reset-tokens: 9s"], 9),
            (
                [
                    "x-ratelimit-remaining-requests: 0", "x-ratelimit-reset-requests: 1s",
                    "x-ratelimit-remaining-tokens: 50", "x-ratelimit-reset-tokens: 9s",
                ], 1
            ),
            (
                [
                    "anthropic-ratelimit-requests-remaining: 0", "anthropic-ratelimit-requests-reset: 3s",
                    "anthropic-ratelimit-tokens-remaining: 0", "anthropic-ratelimit-tokens-reset: 5s",
                ], 5
            ),
            (["x-ratelimit-remaining: 7", "x-ratelimit-reset: 5"], nil),
            (["retry-after: 2", "x-ratelimit-reset: 9"], 2),
            (["x-reset: 5", "x-ratelimit-limit: 5"], nil),
        ] as [([String], Int64?)]
    )
    func allowances(fields: [String], seconds: Int64?) {
        let headers = fields.map { field in
            let parts = field.split(separator: ": ")
            return HeaderField(String(parts[0]), String(parts[1]))
        }
        let head = ResponseHead(status: 429, headers: headers)
        #expect(RetryAfter.parse(head, now: Timestamp(milliseconds: 0)) == seconds.map { .seconds($0) })
    }
}
