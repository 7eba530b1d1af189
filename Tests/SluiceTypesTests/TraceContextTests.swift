import SluiceTypes
import Testing

/// What callers say of their traces.
struct TraceContextTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let span = "00f067aa0ba902b7"

    @Test(
        "reads what is right, and of a version that is not known what stands first",
        arguments: [
            "00-\(trace)-\(span)-01", "00-\(trace)-\(span)-03", "cc-\(trace)-\(span)-01",
            "cc-\(trace)-\(span)-01-what-comes",
        ]
    )
    func good(parent: String) throws {
        let context = try #require(TraceContext(parents: [parent], states: []))
        #expect(context.trace.description == Self.trace && context.span.description == Self.span)
        #expect(context.isSampled && context.state == nil)
        #expect(context.parent == "00-\(Self.trace)-\(Self.span)-01")
    }

    @Test(
        "takes what is wrong for nothing",
        arguments: [
            "", "00", "ff-\(trace)-\(span)-01", "0-\(trace)-\(span)-01", "00-\(trace)-\(span)-1",
            "00-00000000000000000000000000000000-\(span)-01", "00-\(trace)-0000000000000000-01",
            "00-\(trace.uppercased())-\(span)-01", "00-\(trace)-\(span)-0G", "0G-\(trace)-\(span)-01",
            "00-\(trace)-\(span)-01-", "cc-\(trace)-\(span)-01x", "00_\(trace)_\(span)_01", " 00-\(trace)-\(span)-01",
            "00-\(trace)-\(span)", "00-\(trace)-\(span)-01, 00-\(trace)-\(span)-01",
            "00-\(trace.dropLast())é-\(span)-01",
        ]
    )
    func bad(parent: String) {
        #expect(TraceContext(parents: [parent], states: ["a=1"]) == nil)
    }

    @Test("two of them are none")
    func twice() {
        let parent = "00-\(Self.trace)-\(Self.span)-01"
        #expect(TraceContext(parents: [parent, parent], states: []) == nil)
        #expect(TraceContext(parents: [], states: ["a=1"]) == nil)
    }

    @Test("keeps what tracing systems have added, several fields as one, and leaves out what could not be sent on")
    func state() throws {
        let parent = ["00-\(Self.trace)-\(Self.span)-00"]
        let context = try #require(TraceContext(parents: parent, states: ["rojo=1", "", "congo=2"]))
        #expect(context.state == "rojo=1,congo=2" && !context.isSampled)
        for bad in [String(repeating: "a", count: 513), "a=\u{7}", "a=é", ""] {
            let context = try #require(TraceContext(parents: parent, states: [bad]))
            #expect(context.state == nil)
        }
    }

    @Test("is read as it was written", arguments: [nil, "rojo=1,congo=2"])
    func kept(state: String?) throws {
        let parent = "00-\(Self.trace)-\(Self.span)-01"
        let context = try #require(TraceContext(parents: [parent], states: state.map { [$0] } ?? []))
        #expect(TraceContext(text: context.text) == context)
        #expect(TraceContext(text: "nonsense") == nil)
    }

    @Test("a share of traces is told by their last bytes, which are random in those with a job's name too")
    func share() throws {
        var taken = 0
        for second in 0..<2000 {
            let job = JobID.generate(at: Timestamp(milliseconds: 1_900_000_000_000 + Int64(second)))
            let trace = try #require(TraceID(bytes: job.bytes))
            #expect(trace.description == job.description.replacing("-", with: "") && trace.bytes == job.bytes)
            #expect((0..<1).contains(trace.share))
            if trace.share < 0.25 { taken += 1 }
        }
        // Eight times its deviation away from 500.
        #expect((350...650).contains(taken))
    }
}
