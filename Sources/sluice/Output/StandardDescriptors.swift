import Glibc

/// Descriptors 0, 1 and 2.
enum StandardDescriptors {
    /// Takes the place of those that our parent closed.
    ///
    /// The next file or socket that is opened would get their numbers, and what is meant for standard output could be
    /// written into the store. What takes the place is open for the wrong direction, so that a read or write still
    /// fails as on a closed one and a token that goes nowhere is noticed.
    static func fillGaps() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is taken, and all lower ones are in use by now.
            _ = unsafe open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
