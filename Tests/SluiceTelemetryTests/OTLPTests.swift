import SluiceEngine
import SluiceJSON
import SluiceTypes
import Testing

@testable import SluiceTelemetry

/// How messages to collectors are spelled, byte for byte; by OpenTelemetry's own definitions they are read in `TracesTests`.
struct OTLPTests {
    @Test("a field is its number, its form and its value")
    func protobuf() {
        var writer = ProtobufWriter()
        writer.string(1, "", "ab")
        writer.string(2, "", "")
        writer.fixed64(3, "", 1)
        writer.fixed64(3, "", 0)
        writer.integer(4, "", 300)
        writer.integer(4, "", -1)
        writer.choice(5, "", 2)
        writer.choice(5, "", 0)
        writer.double(16, "", 1)
        writer.fixed64s(6, "", [1])
        writer.fixed32(7, "", 1)
        writer.message(8, "") { $0.bool(1, "", false) }
        writer.messages(9, "", ["x", ""]) { $0.string(1, "", $1) }
        #expect(
            writer.bytes == [
                0x0a, 2, 0x61, 0x62, 0x19, 1, 0, 0, 0, 0, 0, 0, 0, 0x20, 0xac, 2, 0x20, 0xff, 0xff, 0xff, 0xff, 0xff,
                0xff, 0xff, 0xff, 0xff, 1, 0x28, 2, 0x81, 1, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x32, 8, 1, 0, 0, 0, 0, 0, 0,
                0, 0x3d, 1, 0, 0, 0, 0x42, 2, 8, 0, 0x4a, 3, 0x0a, 1, 0x78, 0x4a, 0,
            ]
        )
    }

    @Test("in JSON ids are hex digits, numbers of 64 bits texts, enumerations numbers")
    func json() {
        var writer = OTLPJSONWriter()
        writer.id(1, "traceId", [0, 255])
        writer.fixed64(3, "time", .max)
        writer.signedFixed64(3, "asInt", -1)
        writer.choice(5, "kind", 2)
        writer.double(4, "asDouble", .infinity)
        writer.fixed64s(6, "counts", [1, 2])
        writer.doubles(6, "bounds", [0.5])
        writer.messages(9, "spans", ["a\"", ""]) { $0.string(1, "name", $1) }
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"traceId":"00ff","time":"18446744073709551615","asInt":"-1","kind":2,"asDouble":"Infinity","#
                + #""counts":["1","2"],"bounds":[0.5],"spans":[{"name":"a\""},{}]}"#
        )
    }

    @Test("an answer that says that a part was rejected is read in both spellings, and any other one is no such thing")
    func partial() {
        var part = ProtobufWriter()
        part.message(1, "") {
            $0.integer(1, "", 5)
            $0.string(2, "", "too old")
        }
        #expect(
            PartialSuccess(part.bytes, isJSON: false).map { [$0.rejected.description, $0.message] } == ["5", "too old"]
        )
        for count in ["\"5\"", "5"] {
            let json = #"{"partialSuccess":{"rejectedDataPoints":\#(count),"errorMessage":"too old"}}"#
            let read = PartialSuccess(Array(json.utf8), isJSON: true)
            #expect(read?.rejected == 5 && read?.message == "too old")
        }
        for garbage in ["", "{}", "<html>", "{\"partialSuccess\":{}}", "{\"partialSuccess\":7}", "\u{0}\u{1}\n\n"] {
            #expect(PartialSuccess(Array(garbage.utf8), isJSON: true) == nil)
            #expect(PartialSuccess(Array(garbage.utf8), isJSON: false) == nil)
        }
        // Lengths that lie.
        for bytes: [UInt8] in [
            [0x0a, 0xff], [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], [0x08], [0x80],
        ] {
            #expect(PartialSuccess(bytes, isJSON: false) == nil)
        }
    }

    @Test("deltas are what has come since, gauges stay, and what is new begins at nothing")
    func deltas() {
        var before = SeriesPage()
        before.family("a_total", .counter, "")
        before.sample(["x": "1"], 5)
        before.family("g", .gauge, "")
        before.sample([:], 7)
        before.family("h", .histogram, "")
        var histogram = Histogram([1, 2])
        histogram.add(0.5)
        before.sample([:], histogram)
        var now = SeriesPage()
        now.family("a_total", .counter, "")
        now.sample(["x": "1"], 8)
        now.sample(["x": "2"], 4)
        now.family("g", .gauge, "")
        now.sample([:], 9)
        now.family("h", .histogram, "")
        histogram.add(1.5)
        now.sample([:], histogram)
        before.family("o_total", .counter, "")
        before.sample(["owner": "ada"], 6, identity: "1")
        now.family("o_total", .counter, "")
        now.sample(["owner": "ada-2"], 7, identity: "1")
        let sent = SentSeries(before.families, at: Timestamp(milliseconds: 0))
        let values = sent.differences(to: now.families).map { family in
            family.samples.map { sample in
                switch sample.value {
                case .integer(let value): "\(value)"
                case .double(let value): "\(value)"
                case .histogram(let histogram): "\(histogram.counts) \(histogram.sum)"
                }
            }
        }
        #expect(values == [["3", "4"], ["9"], ["[0, 1, 0] 1.5"], ["1"]])
    }
}
