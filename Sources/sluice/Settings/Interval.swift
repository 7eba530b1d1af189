import ArgumentParser

/// A length of time that would be none without a second at least: until something is done again, or is taken away.
struct Interval: Hashable, Sendable, ExpressibleByArgument {
    private var length: DurationArgument

    var duration: Duration { length.duration }

    static func seconds(_ count: Int64) -> Interval { Interval(length: .seconds(count)) }

    private init(length: DurationArgument) {
        self.length = length
    }

    init?(argument: String) {
        guard let length = DurationArgument(argument: argument), length.seconds >= 1 else { return nil }
        self.init(length: length)
    }

    var defaultValueDescription: String { length.description }
}
