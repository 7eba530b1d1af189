import SluiceProvider

/// Makes the final answer's head of the header lines that libcurl hands over.
///
/// Informational heads are passed over, trailers too; all of them count against the size limit.
struct HeadReader {
    /// What a line made of the head.
    enum Step: Hashable {
        /// More is to come.
        case more
        /// The final head is whole.
        case head(ResponseHead)
        /// A line of an informational head or of the trailers.
        case passedOver
        /// It isn't HTTP, or too much: a sentence.
        case broken(String)
    }

    /// The largest size of all header lines of a call together, in bytes.
    static let limit = 64 * 1024

    private var size = 0
    private var head: ResponseHead?
    /// True once the final head was given out.
    private(set) var isDone = false

    /// Takes one line with its line break.
    mutating func take(_ line: UnsafeRawBufferPointer) -> Step {
        size += line.count
        guard size <= HeadReader.limit else {
            return .broken("The answer's header fields have more than \(HeadReader.limit) bytes.")
        }
        guard !isDone else { return .passedOver }
        let bytes = unsafe HeadReader.withoutBreak(Array(line)[...])
        if bytes.isEmpty { return end() }
        return bytes.starts(with: "HTTP/".utf8) ? start(bytes) : add(bytes)
    }

    private mutating func start(_ line: ArraySlice<UInt8>) -> Step {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard words.count >= 2, words[1].count == 3, let status = Int(HeadReader.text(words[1])),
            (100...599).contains(status)
        else {
            return .broken("The answer's status line is not HTTP's.")
        }
        guard status != 101 else { return .broken("The provider switches to a protocol that nobody asked for.") }
        head = ResponseHead(status: status, headers: [])
        return status < 200 ? .passedOver : .more
    }

    private mutating func add(_ line: ArraySlice<UInt8>) -> Step {
        guard head != nil else { return .broken("The answer begins with no status line.") }
        let isFinal = (head?.status ?? 0) >= 200
        if line.first?.isBlank == true {
            // An obsolete line fold (RFC 9112, 5.2) is one space.
            guard let last = head?.headers.indices.last else {
                return .broken("The answer's first header field is folded.")
            }
            head?.headers[last].value += " " + HeadReader.text(line.trimmingBlanks())
        } else {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon != line.startIndex else {
                return .broken("A line of the answer's header has no field name.")
            }
            let name = HeadReader.text(line[..<colon])
            head?.headers.append(HeaderField(name, HeadReader.text(line[(colon + 1)...].trimmingBlanks())))
        }
        return isFinal ? .more : .passedOver
    }

    private mutating func end() -> Step {
        guard let head, head.status >= 200 else { return .passedOver }
        isDone = true
        return .head(head)
    }

    private static func withoutBreak(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        if line.last == UInt8(ascii: "\n") { line.removeLast() }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
