import Glibc

/// What is piped into a command.
enum StandardInput {
    /// All of it, without the line break at its end.
    ///
    /// - Throws: ``Failure`` when it can't be read, or is no UTF-8 text.
    static func text() throws(Failure) -> String {
        var bytes = try read()
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure("What came on standard input is no UTF-8 text: convert it first.")
        }
        return text
    }

    private static func read() throws(Failure) -> [UInt8] {
        do {
            return try File.readAll(STDIN_FILENO)
        } catch {
            throw Failure("Standard input can't be read (\(error)): give it a file or a pipe, as in < question.txt")
        }
    }
}
