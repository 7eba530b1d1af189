import Glibc

/// What is piped into a command.
enum StandardInput {
    /// All of it, without the line break at its end.
    ///
    /// - Throws: ``Failure`` when it is no UTF-8 text.
    static func text() throws -> String {
        var bytes = try File.readAll(STDIN_FILENO)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure("What came on standard input is no UTF-8 text: convert it first.")
        }
        return text
    }
}
