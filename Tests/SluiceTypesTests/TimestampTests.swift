import SluiceTypes
import Testing

@Suite struct TimestampTests {
    private static let moments: [(Int64, String)] = [
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (999, "1970-01-01T00:00:00.999Z"),
        (86_399_999, "1970-01-01T23:59:59.999Z"),
        (86_400_000, "1970-01-02T00:00:00.000Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (951_868_799_999, "2000-02-29T23:59:59.999Z"),
        (951_868_800_000, "2000-03-01T00:00:00.000Z"),
        (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
        (1_735_689_599_000, "2024-12-31T23:59:59.000Z"),
        (1_795_547_147_123, "2026-11-24T19:05:47.123Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (-2_208_988_800_000, "1900-01-01T00:00:00.000Z"),
        (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
        (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ]

    @Test(arguments: moments)
    func `is written in RFC 3339 and read back`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test func `is written without a fault beyond the years of RFC 3339`() {
        #expect(Timestamp(milliseconds: 253_402_300_800_000).description == "10000-01-01T00:00:00.000Z")
        #expect(Timestamp(milliseconds: -62_167_219_200_001).description == "-0001-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: .max).description == "292278994-08-17T07:12:55.807Z")
        #expect(Timestamp(milliseconds: .min).description == "-292275055-05-16T16:47:04.192Z")
    }

    @Test func `survives being written and read anywhere between the years 0 and 9999`() {
        var random = SeededNumbers(seed: 3339)
        for _ in 0..<5000 {
            let moment = Timestamp(milliseconds: .random(in: -62_167_219_200_000...253_402_300_799_999, using: &random))
            #expect(Timestamp(rfc3339: moment.description) == moment)
        }
    }

    private static let spellings: [(String, Int64)] = [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t00:00:00z", 0),
        ("1970-01-01 00:00:00Z", 0),
        ("1970-01-01T00:00:00-00:00", 0),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T18:30:00-05:30", 0),
        ("1970-01-01T00:00:00+23:59", -86_340_000),
        ("1970-01-01T00:00:00-23:59", 86_340_000),
        ("1970-01-01T00:00:00.1Z", 100),
        ("1970-01-01T00:00:00.12Z", 120),
        ("1970-01-01T00:00:00.1239999999999999999999999999Z", 123),
        ("1970-01-01T00:00:00.0009Z", 0),
        ("1969-12-31T23:59:59.9999Z", -1),
        ("1970-01-01T00:00:00.5+00:01", -59_500),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000),
        ("2016-12-31T23:59:60.250Z", 1_483_228_800_250),
        ("2017-01-01T05:29:60+05:30", 1_483_228_800_000),
        ("0000-02-29T00:00:00Z", -62_162_121_600_000),
        ("0000-01-01T00:00:00+00:01", -62_167_219_260_000),
        ("9999-12-31T23:59:59.999-23:59", 253_402_387_139_999),
    ]

    @Test(arguments: spellings)
    func `is read with any offset and fraction`(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "Z", "1970", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00Z", "1970-1-1T00:00:00Z",
        "70-01-01T00:00:00Z", "19700101T000000Z", "1970-00-01T00:00:00Z", "1970-13-01T00:00:00Z",
        "1970-01-00T00:00:00Z",
        "1970-01-32T00:00:00Z", "1970-04-31T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z", "2024-02-30T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z",
        "1970-01-01T00:00:61Z", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00,5Z", "1970-01-01T00:00:00+24:00",
        "1970-01-01T00:00:00+00:60", "1970-01-01T00:00:00+0000", "1970-01-01T00:00:00+00", "1970-01-01T00:00:00 Z",
        "1970-01-01T00:00:00Z ", " 1970-01-01T00:00:00Z", "1970-01-01T00:00:00ZZ", "-001-01-01T00:00:00Z",
        "+1970-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "1970-01-01_00:00:00Z", "1970-01-01T-1:00:00Z",
        "١٩٧٠-01-01T00:00:00Z", "1970-01-01T00:00:00\u{2212}01:00",
    ])
    func `is not read from anything else`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `is read from part of a string`() {
        #expect(Timestamp(rfc3339: "at 1970-01-01T00:00:01Z".dropFirst(3))?.milliseconds == 1000)
    }

    private static let moves: [(Int64, Duration, Int64)] = [
        (0, Duration.seconds(1), 1000),
        (0, .seconds(-1), -1000),
        (5, .milliseconds(7), 12),
        (0, .microseconds(999), 0),
        (0, .microseconds(1001), 1),
        (0, .microseconds(-1), -1),
        (0, .microseconds(-1000), -1),
        (0, .microseconds(-1001), -2),
        (0, .nanoseconds(-1), -1),
        (1000, .milliseconds(-1500), -500),
        (.max, .milliseconds(1), .max),
        (.max, .nanoseconds(1), .max),
        (.max, .milliseconds(-1), .max - 1),
        (.min, .nanoseconds(-1), .min),
        (.min, .milliseconds(1), .min + 1),
        (0, .seconds(Int64.max), .max),
        (0, .seconds(Int64.min), .min),
        (0, .seconds(Int64.max) + .seconds(Int64.max), .max),
        (0, .milliseconds(Int64.max) + .milliseconds(1), .max),
        (0, .seconds(9_223_372_036_854_775) + .milliseconds(999), .max),
        (.min, .milliseconds(Int64.max), -1),
    ]

    @Test(arguments: moves)
    func `is moved by a duration, rounded down and held at the ends`(from: Int64, by: Duration, to: Int64) {
        #expect(Timestamp(milliseconds: from).adding(by).milliseconds == to)
    }

    private static let spans: [(Int64, Int64, Duration)] = [
        (5, 3, Duration.milliseconds(2)),
        (3, 5, .milliseconds(-2)),
        (.max, .min, .milliseconds(Int64.max) - .milliseconds(Int64.min)),
        (.min, .max, .milliseconds(Int64.min) - .milliseconds(Int64.max)),
    ]

    @Test(arguments: spans)
    func `tells how long after another it is`(later: Int64, earlier: Int64, duration: Duration) {
        #expect(Timestamp(milliseconds: later).since(Timestamp(milliseconds: earlier)) == duration)
    }

    @Test func `sorts by time`() {
        #expect(Timestamp(milliseconds: -1) < Timestamp(milliseconds: 0))
        #expect(!(Timestamp(milliseconds: 0) < Timestamp(milliseconds: 0)))
    }
}
