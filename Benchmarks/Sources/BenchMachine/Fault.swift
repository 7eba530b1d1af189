import Glibc

/// Why a run of the benchmarks can't go on, as a sentence.
package struct BenchFault: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }

    /// A system call's failure, with `errno`'s text.
    package static func system(_ call: String, _ code: Int32 = errno) -> Self {
        Self("\(call): \(unsafe String(cString: strerror(code)))")
    }
}
