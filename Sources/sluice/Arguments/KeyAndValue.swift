import ArgumentParser

/// A name and its value on the command line, as in `batch=b1`; the value may be empty and hold `=`.
struct KeyAndValue: Hashable, Sendable, ExpressibleByArgument {
    var key: String
    var value: String

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else { return nil }
        key = String(argument[..<sign])
        value = String(argument[argument.index(after: sign)...])
    }
}
