import Glibc

/// The two ways out: what a script needs goes to standard output, all else to standard error.
enum Console {
    /// Writes one line for scripts and people alike.
    ///
    /// - Throws: ``OutputError`` when not all of it could be written.
    static func print(_ line: String) throws(OutputError) {
        try write(line + "\n", to: STDOUT_FILENO)
    }

    /// Begins anew: on a terminal where the last page began, else behind an empty line.
    ///
    /// - Throws: ``OutputError`` when not all of it could be written.
    static func newPage() throws(OutputError) {
        try write(isatty(STDOUT_FILENO) == 1 ? "\u{1B}[H\u{1B}[2J" : "\n", to: STDOUT_FILENO)
    }

    /// Writes JSON text as it came, as one line.
    ///
    /// - Throws: ``OutputError`` when not all of it could be written.
    static func json(_ body: [UInt8]) throws(OutputError) {
        try print(String(decoding: body, as: UTF8.self))
    }

    /// Writes one line that may get lost: a server goes on where nobody reads what it says.
    static func answer(_ line: String) {
        try? print(line)
    }

    /// Writes one line for people alone; there is no better place to say that it failed.
    static func note(_ line: String) {
        try? write(line + "\n", to: STDERR_FILENO)
    }

    /// Whether somebody at a terminal says yes to a question; no where nobody can be asked.
    static func isAsked(_ question: String) -> Bool {
        guard isatty(STDIN_FILENO) == 1 else { return false }
        note(question)
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }

    /// Writes the last line of a process that is to end, whether anybody reads it or not.
    static func lastNote(_ line: String) {
        var waiter = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        // A pipe that is full has no reader, or one that is not there now.
        guard unsafe poll(&waiter, 1, 1000) > 0 else { return }
        note(line)
    }

    /// Writes `text` over the terminal's present line.
    static func draw(_ text: String) {
        try? write("\r\u{1B}[K" + text, to: STDERR_FILENO)
    }

    // Not the library's `print`: its buffer is flushed at a clean exit only, and its failures go unseen.
    private static func write(_ text: String, to descriptor: Int32) throws(OutputError) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                rest = rest.dropFirst(written)
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: waitUntilWritable(descriptor)
            case let code: throw OutputError(code: code)
            }
        }
    }

    /// Whoever gave us a descriptor that does not block may be slow to empty it.
    private static func waitUntilWritable(_ descriptor: Int32) {
        var waiter = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&waiter, 1, -1)
    }
}

/// What was to be printed is lost, or a part of it.
struct OutputError: Error, Hashable, CustomStringConvertible {
    /// The system's reason.
    var code: Int32

    /// True where the reader went away, as `head` does once it has enough.
    var isClosedPipe: Bool { code == EPIPE }

    var description: String {
        "Standard output can't be written to (\(FileError(code: code))): mend that and run the command again."
    }
}
