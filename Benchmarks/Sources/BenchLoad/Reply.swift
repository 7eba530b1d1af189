package import BenchMachine

/// One HTTP/1.1 answer, read piece by piece: of known length, or chunked and then a stream of events.
///
/// ``Answer`` reads those that come whole, and faster.
package struct Reply: Sendable {
    private enum Place: Sendable {
        case head
        case body(left: Int)
        case chunkSize(Int)
        case chunk(left: Int)
        case chunkEnd
        case trailer(lineIsEmpty: Bool)
        case end
    }

    private var place = Place.head
    private var head: [UInt8] = []
    private var line: [UInt8] = []
    package private(set) var status = 0
    /// Bytes of the body, without the framing of chunks.
    package private(set) var length = 0
    /// The line that a stream ends with, or the last event's first.
    private let end: [UInt8]
    /// Lines of `data:` but for `[DONE]`.
    package private(set) var events = 0
    /// True when the stream's end came.
    package private(set) var isDone = false
    /// The body's first 600 bytes.
    package private(set) var example: [UInt8] = []

    /// - Parameter surface: whose answer is read.
    package init(_ surface: Surface = .chat) {
        end = Array(surface.streamEnd.utf8)
    }

    package var isComplete: Bool {
        if case .end = place { true } else { false }
    }

    /// Reads the next piece.
    ///
    /// - Throws: `BenchFault` when it is no HTTP answer, or goes on after its end.
    package mutating func feed(_ bytes: Span<UInt8>) throws(BenchFault) {
        for index in 0..<bytes.count { try feed(bytes[index]) }
    }

    private mutating func feed(_ byte: UInt8) throws(BenchFault) {
        switch place {
        case .head:
            try feedHead(byte)
        case .body(let left):
            take(byte)
            place = left == 1 ? .end : .body(left: left - 1)
        case .chunkSize(let size):
            try feedSize(byte, size)
        case .chunk(let left):
            take(byte)
            place = left == 1 ? .chunkEnd : .chunk(left: left - 1)
        case .chunkEnd:
            if byte == Self.newline { place = .chunkSize(0) }
        case .trailer(let lineIsEmpty):
            if byte == Self.newline {
                place = lineIsEmpty ? .end : .trailer(lineIsEmpty: true)
            } else if byte != Self.carriageReturn {
                place = .trailer(lineIsEmpty: false)
            }
        case .end:
            throw BenchFault("More came than the answer's length.")
        }
    }

    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
}

// MARK: Head

extension Reply {
    private mutating func feedHead(_ byte: UInt8) throws(BenchFault) {
        head.append(byte)
        guard head.count < 16_384 else { throw BenchFault("What came back is no HTTP answer.") }
        guard byte == Self.newline, head.suffix(4) == [13, 10, 13, 10] else { return }
        let lines = String(decoding: head, as: UTF8.self).lowercased().split(separator: "\r\n")
        guard let first = lines.first, first.hasPrefix("http/1.1 "), let status = Int(first.dropFirst(9).prefix(3))
        else {
            throw BenchFault("What came back is no HTTP answer.")
        }
        self.status = status
        head = []
        if lines.contains(where: { $0.hasPrefix("transfer-encoding:") && $0.hasSuffix("chunked") }) {
            place = .chunkSize(0)
        } else if let length = lines.first(where: { $0.hasPrefix("content-length:") }).flatMap(Self.length) {
            place = length == 0 ? .end : .body(left: length)
        } else {
            throw BenchFault("An answer of status \(status) has neither length nor chunks.")
        }
    }

    private static func length(_ line: Substring) -> Int? {
        Int(line.dropFirst("content-length:".count).drop { $0 == " " })
    }
}

// MARK: Body

extension Reply {
    private mutating func feedSize(_ byte: UInt8, _ size: Int) throws(BenchFault) {
        switch byte {
        case Self.newline:
            place = size == 0 ? .trailer(lineIsEmpty: true) : .chunk(left: size)
        case Self.carriageReturn:
            break
        default:
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, size < 1 << 32 else {
                throw BenchFault("A chunk's size is no hexadecimal number.")
            }
            place = .chunkSize(size << 4 | digit)
        }
    }

    private mutating func take(_ byte: UInt8) {
        length += 1
        if example.count < 600 { example.append(byte) }
        guard byte == Self.newline else {
            if line.count < end.count { line.append(byte) }
            return
        }
        if line == end {
            isDone = true
        } else if line.starts(with: Self.data) {
            events += 1
        }
        line.removeAll(keepingCapacity: true)
    }

    private static let data = Array("data:".utf8)
}
