import ArgumentParser

/// A whole number from 1 to 2³¹−1.
struct Count: Hashable, Sendable, ExpressibleByArgument {
    var value: Int

    init(_ value: Int) {
        self.value = value
    }

    init?(argument: String) {
        guard let value = Int32(argument), value > 0 else { return nil }
        self.value = Int(value)
    }

    var defaultValueDescription: String { String(value) }
}
