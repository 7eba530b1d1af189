/// A request as it came in.
package struct RecordedRequest: Sendable, Hashable {
    /// A header field, in the spelling in which it came.
    package struct Field: Sendable, Hashable {
        /// The name.
        package var name: String
        /// The value without the spaces around it.
        package var value: String
    }

    /// The number of the connection it came on, from 0 in the order in which they were accepted.
    package var connection: Int
    /// The method.
    package var method: String
    /// The request target: path and query.
    package var path: String
    /// The header fields in order.
    package var headers: [Field]
    /// The body, without the framing of chunks.
    package var body: [UInt8]
    /// All bytes of the request.
    package var raw: [UInt8]

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The first value of that name, letter case ignored.
    package subscript(name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Takes whole requests off the front of what a connection brought.
struct RequestReader {
    private var bytes: [UInt8] = []

    /// Adds what came.
    mutating func append(_ more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
    }

    /// The next whole request; nil while there is none.
    mutating func next(connection: Int) -> RecordedRequest? {
        guard let headEnd = end(of: [13, 10, 13, 10], from: 0) else { return nil }
        let lines = String(decoding: bytes[..<headEnd], as: UTF8.self).split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ", maxSplits: 2)
        let headers = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            let value = line[colon...].drop { $0 == ":" || $0 == " " || $0 == "\t" }
            return RecordedRequest.Field(name: String(line[..<colon]), value: String(value))
        }
        var request = RecordedRequest(
            connection: connection,
            method: words.first.map(String.init) ?? "",
            path: words.count > 1 ? String(words[1]) : "",
            headers: headers,
            body: [],
            raw: []
        )
        guard let (body, bodyEnd) = body(of: request, from: headEnd) else { return nil }
        request.body = body
        request.raw = Array(bytes[..<bodyEnd])
        bytes.removeFirst(bodyEnd)
        return request
    }

    private func body(of request: RecordedRequest, from start: Int) -> ([UInt8], Int)? {
        if request["Transfer-Encoding"]?.lowercased() == "chunked" { return chunks(from: start) }
        let end = start + (request["Content-Length"].flatMap { Int($0) } ?? 0)
        return end <= bytes.count ? (Array(bytes[start..<end]), end) : nil
    }

    private func chunks(from start: Int) -> ([UInt8], Int)? {
        var body: [UInt8] = []
        var place = start
        while let lineEnd = end(of: [13, 10], from: place) {
            let size = Int(String(decoding: bytes[place..<(lineEnd - 2)], as: UTF8.self), radix: 16) ?? 0
            guard lineEnd + size + 2 <= bytes.count else { return nil }
            body += bytes[lineEnd..<(lineEnd + size)]
            place = lineEnd + size + 2
            if size == 0 { return (body, place) }
        }
        return nil
    }

    /// Where the first `mark` from `start` on ends.
    private func end(of mark: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= start + mark.count else { return nil }
        return (start...(bytes.count - mark.count))
            .first { bytes[$0] == mark[0] && bytes[$0..<($0 + mark.count)].elementsEqual(mark) }
            .map { $0 + mark.count }
    }
}
