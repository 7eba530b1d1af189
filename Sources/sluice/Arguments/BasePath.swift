import ArgumentParser

/// What stands before all paths, as in `/llm`: segments of a path, or nothing.
struct BasePath: Hashable, Sendable, ExpressibleByArgument {
    var path: String

    init(_ path: String) {
        self.path = path
    }

    /// Nil for what does not begin with a slash, ends with one, or has a segment that is none.
    init?(argument: String) {
        let segments = argument.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard argument.hasPrefix("/"), argument.utf8.count <= 256,
            segments.allSatisfy({ !$0.isEmpty && Stage(argument: $0) != nil })
        else { return nil }
        path = argument
    }

    var defaultValueDescription: String { path }
}
