import ArgumentParser

/// A length of time after which something is done again: a second at least.
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
