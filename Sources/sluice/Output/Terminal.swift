import Glibc

/// What standard output leads to.
enum Terminal {
    /// How many characters fit on a line; nil where nobody reads lines: a pipe or a file gets all there is.
    static var width: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return variable("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? 80
        }
        return Int(size.ws_col)
    }

    /// Whether words may have colours: on a terminal that has some, unless `NO_COLOR` says otherwise.
    ///
    /// Source: <https://no-color.org>: present and not an empty string.
    static var hasColors: Bool {
        isatty(STDOUT_FILENO) == 1 && (variable("NO_COLOR") ?? "").isEmpty && variable("TERM") != "dumb"
    }

    private static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
