/// A refusal while its place is still an offset.
///
/// Line and column cost a pass over the text, so they are counted only once a refusal leaves this module.
struct Fault: Error {
    var code: JSONError.Code
    var message: String
    /// See ``JSONError/name``.
    var name: String?
    var offset: Int?

    init(_ code: JSONError.Code, _ message: String, name: String? = nil, at offset: Int? = nil) {
        self.code = code
        self.message = message
        self.name = name
        self.offset = offset
    }
}

extension JSONError {
    init(_ fault: Fault, in text: [UInt8]) {
        let position = fault.offset.map { Position(offset: $0, in: text) }
        self.init(fault.code, fault.message, name: fault.name, at: position)
    }
}

extension Position {
    /// Counts the lines before `offset`; a line ends with a line feed.
    init(offset: Int, in text: [UInt8]) {
        var line = 1
        var lineStart = 0
        for (place, byte) in text[..<offset].enumerated() where byte == UInt8(ascii: "\n") {
            line += 1
            lineStart = place + 1
        }
        self.init(line: line, column: offset - lineStart + 1)
    }
}
