import Glibc

/// The two ways out: what a script needs goes to standard output, all else to standard error.
enum Console {
    /// Writes one line for scripts and people alike.
    static func answer(_ line: String) {
        write(line + "\n", to: STDOUT_FILENO)
    }

    /// Writes JSON text as it came, as one line.
    static func json(_ body: [UInt8]) {
        answer(String(decoding: body, as: UTF8.self))
    }

    /// Writes one line for people alone.
    static func note(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    // Not `print`: its buffer is flushed at a clean exit only, and a failing write must not go unseen by a later one.
    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                guard errno == EINTR || errno == EAGAIN else { return }
            } else {
                rest = rest.dropFirst(written)
            }
        }
    }
}
