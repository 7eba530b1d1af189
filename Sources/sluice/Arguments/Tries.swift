import ArgumentParser
import SluiceStore

/// How often a job may fail.
struct Tries: Hashable, Sendable, ExpressibleByArgument {
    var value: Int

    init(_ value: Int) {
        self.value = value
    }

    init?(argument: String) {
        guard let value = Int(argument), JobLimits.triesAllowed.contains(value) else { return nil }
        self.value = value
    }

    var defaultValueDescription: String { String(value) }
}
