package import BenchMachine

/// One HTTP/1.1 answer, as places in the buffer that holds it.
package struct Answer: Sendable, Equatable {
    package var status: Int
    /// The last 36 bytes of `Location`: a job's id.
    package var job: Range<Int>?
    package var body: Range<Int>

    /// Reads the answer at the start of `bytes`.
    ///
    /// - Returns: Nil while it is not complete.
    /// - Throws: `BenchFault` when it is no answer with a `Content-Length`.
    package static func read(_ bytes: Span<UInt8>) throws(BenchFault) -> Answer? {
        var line = 0
        var length: Int?
        var answer = Answer(status: 0, job: nil, body: 0..<0)
        while let end = Self.lineEnd(bytes, from: line) {
            if line == 0 {
                answer.status = try Self.status(bytes, end)
            } else if end == line {
                return try Self.finish(answer, bytes, from: end + 2, length: length)
            } else if Self.name(bytes, line, end, is: "content-length:") {
                length = Self.number(bytes, line + 15, end)
            } else if Self.name(bytes, line, end, is: "location:"), end - line >= 45 {
                answer.job = end - 36..<end
            }
            line = end + 2
        }
        return nil
    }

    private static func finish(
        _ answer: Answer,
        _ bytes: Span<UInt8>,
        from start: Int,
        length: Int?
    ) throws(BenchFault) -> Answer? {
        guard let length else { throw BenchFault("An answer of status \(answer.status) has no Content-Length.") }
        guard bytes.count >= start + length else { return nil }
        var answer = answer
        answer.body = start..<start + length
        return answer
    }

    /// Where the line that starts at `start` ends, before its CR LF.
    private static func lineEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start + 1
        while index < bytes.count {
            if bytes[index] == 0x0a { return index - 1 }
            index += 1
        }
        return nil
    }

    private static func status(_ bytes: Span<UInt8>, _ end: Int) throws(BenchFault) -> Int {
        guard end >= 12, bytes[0] == UInt8(ascii: "H"), let status = number(bytes, 9, 12) else {
            throw BenchFault("What came back is no HTTP answer.")
        }
        return status
    }

    private static func name(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, is name: StaticString) -> Bool {
        let length = name.utf8CodeUnitCount
        guard end - start > length else { return false }
        return name.withUTF8Buffer { name in
            for offset in 0..<length where unsafe bytes[start + offset] | 0x20 != name[offset] | 0x20 { return false }
            return true
        }
    }

    private static func number(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var value: Int?
        for index in start..<end where bytes[index] != 0x20 {
            guard (0x30...0x39).contains(bytes[index]), (value ?? 0) < 1 << 40 else { return nil }
            value = (value ?? 0) * 10 + Int(bytes[index] - 0x30)
        }
        return value
    }
}
