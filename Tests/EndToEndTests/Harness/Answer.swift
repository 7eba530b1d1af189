import SluiceJSON

/// An HTTP answer as it came.
struct Answer: Sendable {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: [UInt8]
    /// Whether the connection ended before the body did.
    var isCut = false

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The first value of that name, letter case ignored.
    subscript(name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as JSON.
    func json() throws -> JSONValue {
        do { return try Document(body).root } catch { throw HarnessError("\(status) without JSON: \(text)") }
    }
}

/// Takes one answer off the front of what a connection brought.
struct AnswerReader {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ more: ArraySlice<UInt8>) {
        bytes += more
    }

    /// The answer, once it is whole; `ended` tells that no more bytes come.
    mutating func next(ended: Bool) -> Answer? {
        guard let headEnd = place(after: [13, 10, 13, 10], from: 0) else { return nil }
        var answer = Self.head(bytes[..<headEnd])
        guard answer.status >= 200 else {
            // 100-continue: the answer itself follows.
            bytes.removeFirst(headEnd)
            return next(ended: ended)
        }
        guard let (body, end) = body(answer, from: headEnd, ended: ended) else { return nil }
        answer.body = body
        bytes.removeFirst(end)
        return answer
    }

    /// What came of an answer in chunks that will not be whole.
    mutating func cut() -> Answer? {
        guard let seen = StreamSeen(bytes), seen.head["Transfer-Encoding"]?.lowercased() == "chunked" else {
            return nil
        }
        var answer = seen.head
        (answer.body, answer.isCut) = (seen.body, true)
        bytes = []
        return answer
    }

    static func head(_ bytes: ArraySlice<UInt8>) -> Answer {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ")
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(parts[0]), value: parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
        }
        return Answer(status: words.count > 1 ? Int(words[1]) ?? 0 : 0, headers: headers, body: [])
    }

    private func body(_ answer: Answer, from start: Int, ended: Bool) -> (body: [UInt8], end: Int)? {
        if answer["Transfer-Encoding"]?.lowercased() == "chunked" { return chunks(from: start) }
        guard let length = answer["Content-Length"].flatMap({ Int($0) }) else {
            if answer.status == 204 || answer.status == 304 { return ([], start) }
            return ended ? (Array(bytes[start...]), bytes.count) : nil
        }
        return start + length <= bytes.count ? (Array(bytes[start..<(start + length)]), start + length) : nil
    }

    private func chunks(from start: Int) -> (body: [UInt8], end: Int)? {
        var body: [UInt8] = []
        var place = start
        while let lineEnd = self.place(after: [13, 10], from: place) {
            let size = Int(String(decoding: bytes[place..<(lineEnd - 2)], as: UTF8.self), radix: 16) ?? 0
            guard lineEnd + size + 2 <= bytes.count else { return nil }
            body += bytes[lineEnd..<(lineEnd + size)]
            place = lineEnd + size + 2
            if size == 0 { return (body, place) }
        }
        return nil
    }

    private func place(after mark: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= start + mark.count else { return nil }
        return (start...(bytes.count - mark.count))
            .first { bytes[$0] == mark[0] && bytes[$0..<($0 + mark.count)].elementsEqual(mark) }
            .map { $0 + mark.count }
    }
}
