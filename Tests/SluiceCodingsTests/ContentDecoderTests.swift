import FoundationEssentials
import SluiceCodings
import Testing

@Suite("A body's coding")
struct ContentDecoderTests {
    /// "Hello, hello, hello!" in each of them.
    private static let packed: [ContentCoding: String] = [
        .gzip: "H4sIAAAAAAAC//NIzcnJ11HIQKIUAazrLuQUAAAA", .deflate: "eJzzSM3JyddRyECiFAFIngbW",
        .zstd: "KLUv/QBYfQAASEhlbGxvLCBoIQEAMgoX",
    ]
    private static let text = "Hello, hello, hello!"
    /// A mebibyte of zeros.
    private static let bombs: [ContentCoding: String] = [
        .deflate: """
        eNrtwTEBAAAAwqD1T20IX6AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD4DAPAAAQ==
        """,
        .zstd: """
        KLUv/QBYVAAAEAAAAQD7/znAAgIAEAACABAAAgAQAAIAEAACABAAAgAQAAMAEAA=
        """,
    ]

    private static func bytes(_ base64: String?) throws -> [UInt8] {
        Array(try #require(base64.flatMap { Data(base64Encoded: $0, options: .ignoreUnknownCharacters) }))
    }

    private static func decode(
        _ bytes: [UInt8],
        _ coding: ContentCoding,
        limit: Int = 1 << 20,
        by size: Int = .max
    ) throws -> [UInt8] {
        let decoder = try ContentDecoder(coding, limit: limit)
        var output: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            try decoder.feed(rest.prefix(size), to: &output)
            rest = rest.dropFirst(size)
        }
        try decoder.finish()
        return output
    }

    @Test("is undone, however its bytes are cut", arguments: ContentCoding.allCases, [1, 7, Int.max])
    func decoded(coding: ContentCoding, size: Int) throws {
        let packed = try Self.bytes(Self.packed[coding])
        #expect(String(decoding: try Self.decode(packed, coding, by: size), as: UTF8.self) == Self.text)
    }

    @Test("that was cut, goes on behind its end, or is another, is a fault", arguments: ContentCoding.allCases)
    func faults(coding: ContentCoding) throws {
        let packed = try Self.bytes(Self.packed[coding])
        for length in 0..<packed.count {
            #expect(throws: ContentDecoder.Fault.cutShort) { try Self.decode(Array(packed.prefix(length)), coding) }
        }
        for more in [[0], packed] {
            for size in [1, Int.max] {
                #expect(throws: ContentDecoder.Fault.goesOn) { try Self.decode(packed + more, coding, by: size) }
            }
        }
        for other in ContentCoding.allCases where other != coding {
            #expect(throws: ContentDecoder.Fault.broken) { try Self.decode(packed, other) }
        }
        #expect(throws: ContentDecoder.Fault.broken) { try Self.decode(Array("{}  {}  {}".utf8), coding) }
    }

    @Test("is undone up to a limit, and no further", arguments: bombs.keys)
    func bomb(coding: ContentCoding) throws {
        let packed = try Self.bytes(Self.bombs[coding])
        #expect(packed.count < 2000)
        #expect(try Self.decode(packed, coding).count == 1 << 20)
        for limit in [0, 1, 1000, 65_536, (1 << 20) - 1] {
            #expect(throws: ContentDecoder.Fault.tooLarge) { try Self.decode(packed, coding, limit: limit) }
        }
        let decoder = try ContentDecoder(coding, limit: 1000)
        var output: [UInt8] = []
        #expect(throws: ContentDecoder.Fault.tooLarge) { try decoder.feed(packed, to: &output) }
        #expect(output.count <= 1000)
    }

    @Test("has its names")
    func names() {
        #expect(ContentCoding(name: "GZip") == .gzip && ContentCoding(name: "x-gzip") == .gzip)
        #expect(ContentCoding(name: "zstd") == .zstd && ContentCoding(name: "Deflate") == .deflate)
        for name in ["", "br", "identity", "gzip, gzip", "compress"] { #expect(ContentCoding(name: name) == nil) }
    }
}
