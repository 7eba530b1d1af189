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
        let text = unsafe HeadReader.text(of: line)
        if text.isEmpty { return end() }
        if text.hasPrefix("HTTP/") { return start(text) }
        return add(text)
    }

    private mutating func start(_ line: Substring) -> Step {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[1].utf8.count == 3, let status = Int(words[1]), (100...599).contains(status)
        else {
            return .broken("The answer's status line is not HTTP's.")
        }
        guard status != 101 else { return .broken("The provider switches to a protocol that nobody asked for.") }
        head = ResponseHead(status: status, headers: [])
        return status < 200 ? .passedOver : .more
    }

    private mutating func add(_ line: Substring) -> Step {
        guard head != nil else { return .broken("The answer begins with no status line.") }
        let isFinal = (head?.status ?? 0) >= 200
        if line.first == " " || line.first == "\t" {
            // An obsolete line fold (RFC 9112, 5.2) is one space.
            guard let last = head?.headers.indices.last else {
                return .broken("The answer's first header field is folded.")
            }
            head?.headers[last].value += " " + HeadReader.trimmed(line)
        } else {
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else {
                return .broken("A line of the answer's header has no field name.")
            }
            let value = HeadReader.trimmed(line[line.index(after: colon)...])
            head?.headers.append(HeaderField(String(line[..<colon]), value))
        }
        return isFinal ? .more : .passedOver
    }

    private mutating func end() -> Step {
        guard let head, head.status >= 200 else { return .passedOver }
        isDone = true
        return .head(head)
    }

    private static func text(of line: UnsafeRawBufferPointer) -> Substring {
        var bytes = unsafe line[...]
        if unsafe bytes.last == 0x0A { unsafe bytes.removeLast() }
        if unsafe bytes.last == 0x0D { unsafe bytes.removeLast() }
        return unsafe String(decoding: bytes, as: UTF8.self)[...]
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
