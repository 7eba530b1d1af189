import ArgumentParser

/// A length of time that would be none without a second at least: until something is done again, or is taken away.
struct Interval: Hashable, Sendable, ExpressibleByArgument {
    private var length: DurationArgument

    var duration: Duration { length.duration }

    init(_ duration: Duration) {
        length = DurationArgument(duration)
    }

    init?(argument: String) {
        guard let length = DurationArgument(argument: argument), length.seconds >= 1 else { return nil }
        self.init(length.duration)
    }

    var defaultValueDescription: String { length.description }
}
