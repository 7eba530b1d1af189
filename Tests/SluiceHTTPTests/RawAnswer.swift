/// An answer as it came on a connection that was then closed, whole or not.
struct RawAnswer {
    let status: Int
    /// The header fields, names in lower case.
    let fields: [String: String]
    /// The body without its framing, as far as it came.
    let body: String
    /// Whether the framing says that the body is whole.
    let isWhole: Bool

    /// Reads what came; nil where the head is not whole.
    init?(_ text: String) {
        let wire = Array(text.utf8)
        guard let end = RawAnswer.place(of: [13, 10, 13, 10], in: wire[...]) else { return nil }
        let lines = String(decoding: wire[..<end], as: UTF8.self).split(separator: "\r\n")
        status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let pairs = lines.dropFirst().compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), String(line[colon...].drop { $0 == ":" || $0 == " " }))
        }
        fields = Dictionary(pairs) { first, _ in first }
        let rest = wire[(end + 4)...]
        if fields["transfer-encoding"]?.lowercased() == "chunked" {
            (body, isWhole) = RawAnswer.joined(rest)
        } else {
            body = String(decoding: rest, as: UTF8.self)
            isWhole = fields["content-length"].flatMap { Int($0) } == rest.count
        }
    }

    /// Puts chunks together.
    private static func joined(_ chunks: ArraySlice<UInt8>) -> (String, isWhole: Bool) {
        var (rest, bytes) = (chunks, [UInt8]())
        while let lineEnd = place(of: [13, 10], in: rest) {
            let size = Int(String(decoding: rest[..<lineEnd], as: UTF8.self), radix: 16) ?? 0
            let start = lineEnd + 2
            guard size > 0 else { return (String(decoding: bytes, as: UTF8.self), rest[start...].count >= 2) }
            bytes += rest[start...].prefix(size)
            guard rest.endIndex - start >= size + 2 else { break }
            rest = rest[(start + size + 2)...]
        }
        return (String(decoding: bytes, as: UTF8.self), false)
    }

    private static func place(of mark: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        bytes.indices.first { bytes[$0] == mark[0] && bytes[$0...].starts(with: mark) }
    }
}
