import SluiceTypes
import Testing

@Suite struct JobIDTests {
    static let text = "01936072-1a2b-7c3d-8e4f-5a6b7c8d9e0f"

    @Test(arguments: [UInt64.min, .max, 0x0123_4567_89ab_cdef])
    func `carries version 7 and the variant of RFC 9562 whatever the random numbers`(word: UInt64) {
        var random = FixedNumbers(word: word)
        let bytes = JobID.generate(at: Timestamp(milliseconds: 1_732_475_147_123), using: &random).bytes
        #expect(bytes.count == 16)
        #expect(bytes[6] >> 4 == 7)
        #expect(bytes[8] >> 6 == 0b10)
    }

    @Test(arguments: [UInt64.min, .max])
    func `has the number of the only cell in rand_a, which is 0`(word: UInt64) {
        var random = FixedNumbers(word: word)
        let bytes = JobID.generate(at: Timestamp(milliseconds: 1_732_475_147_123), using: &random).bytes
        #expect((bytes[6] & 15, bytes[7]) == (0, 0))
    }

    @Test(arguments: [0, 1, 1_732_475_147_123, 0xffff_ffff_ffff])
    func `starts with the milliseconds in 48 bits`(milliseconds: Int64) {
        let bytes = JobID.generate(at: Timestamp(milliseconds: milliseconds)).bytes
        #expect(bytes.prefix(6).reduce(0) { $0 << 8 | Int64($1) } == milliseconds)
    }

    @Test func `sorts by the time it was made, in every form`() {
        let moments: [Int64] = [0, 1, 255, 256, 1_732_475_147_123, 1_732_475_147_124, 1 << 47]
        var low = FixedNumbers(word: 0)
        var high = FixedNumbers(word: .max)
        for (earlier, later) in zip(moments, moments.dropFirst()) {
            let first = JobID.generate(at: Timestamp(milliseconds: earlier), using: &high)
            let second = JobID.generate(at: Timestamp(milliseconds: later), using: &low)
            #expect(first < second)
            #expect(first.description < second.description)
            #expect(first.bytes.lexicographicallyPrecedes(second.bytes))
        }
    }

    @Test func `is held at the ends of the clock for a moment beyond them`() {
        var random = FixedNumbers(word: 0)
        let before = JobID.generate(at: Timestamp(milliseconds: -1), using: &random)
        let last = JobID.generate(at: Timestamp(milliseconds: 0xffff_ffff_ffff), using: &random)
        let beyond = JobID.generate(at: Timestamp(milliseconds: 1 << 48), using: &random)
        #expect(before.description == "00000000-0000-7000-8000-000000000000")
        #expect(beyond == last)
        #expect(JobID.generate(at: Timestamp(milliseconds: .max), using: &random) == last)
    }

    @Test func `is another one each time`() {
        let now = Timestamp(milliseconds: 1_732_475_147_123)
        #expect(Set((0..<1000).map { _ in JobID.generate(at: now) }).count == 1000)
    }

    @Test func `survives being written and read, as text and as bytes`() throws {
        var random = SeededNumbers(seed: 7)
        for _ in 0..<1000 {
            let id = JobID.generate(at: Timestamp(milliseconds: Int64(random.next() >> 20)), using: &random)
            #expect(JobID(id.description) == id)
            #expect(JobID(bytes: id.bytes) == id)
        }
        #expect(try #require(JobID(Self.text)).description == Self.text)
    }

    @Test func `is read in upper case and written in lower case`() throws {
        let id = try #require(JobID(Self.text.uppercased()))
        #expect(id == JobID(Self.text))
        #expect(id.description == Self.text)
        #expect(JobID(("id=" + Self.text).dropFirst(3)) == id)
    }

    @Test(arguments: [
        "", "0", "-", "01936072", "019360721a2b7c3d8e4f5a6b7c8d9e0f", "01936072-1a2b-7c3d-8e4f-5a6b7c8d9e0",
        "01936072-1a2b-7c3d-8e4f-5a6b7c8d9e0f0", "01936072-1a2b-7c3d-8e4f-5a6b7c8d9e0g",
        "019360721-a2b-7c3d-8e4f-5a6b7c8d9e0f", "01936072-1a2b-7c3d-8e4f-5a6b7c8d9e0f ",
        " 1936072-1a2b-7c3d-8e4f-5a6b7c8d9e0f", "{1936072-1a2b-7c3d-8e4f-5a6b7c8d9e0f",
        "01936072_1a2b_7c3d_8e4f_5a6b7c8d9e0f", "01936072-1a2b-7c3d-8e4f-5a6b7c8d9e0é",
        "٠1936072-1a2b-7c3d-8e4f-5a6b7c8d9e0", "0193607２-1a2b-7c3d-8e4f-5a6b7c8d9e0f",
        "------------------------------------",
    ])
    func `is not read from anything else`(text: String) {
        #expect(JobID(text) == nil)
    }

    @Test(arguments: [0, 1, 15, 17, 32])
    func `is not read from another number of bytes`(count: Int) {
        #expect(JobID(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test("as much as is given of an id spans all ids that begin so")
    func spans() throws {
        let id = try #require(JobID("01a23181-a321-7000-b90d-f46ef7c898ef"))
        for length in 0...36 {
            let span = try #require(JobID.span(beginningWith: String(id.description.prefix(length))))
            #expect(span.first <= id && id <= span.last)
        }
        let span = try #require(JobID.span(beginningWith: "01A23181-a"))
        #expect(span.first.description == "01a23181-a000-0000-0000-000000000000")
        #expect(span.last.description == "01a23181-afff-ffff-ffff-ffffffffffff")
        for text in ["01a2318x", "01a231812", "01a23181-a321-7000-b90d-f46ef7c898ef0", "%"] {
            #expect(JobID.span(beginningWith: text) == nil)
        }
    }
}
