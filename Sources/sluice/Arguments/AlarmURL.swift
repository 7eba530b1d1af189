import ArgumentParser

/// An address that is told of alarms: `https://…` or `http://…`; the empty text for none.
struct AlarmURL: Hashable, Sendable, ExpressibleByArgument {
    var text: String

    init() {
        text = ""
    }

    init?(argument: String) {
        guard HTTPAddress.isOne(argument) else { return nil }
        text = argument
    }

    var defaultValueDescription: String { "" }
}
