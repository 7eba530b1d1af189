import Foundation

/// What the environment asks of the long suites.
package enum SuiteSettings {
    /// `SLUICE_SEED`, which repeats a run; else a new one.
    package static func seed() -> UInt64 {
        number("SLUICE_SEED") ?? .random(in: 1 ... .max)
    }

    /// The size that the variable `name` asks for; else the one for every day.
    package static func size(_ name: String, standard: Int) -> Int {
        number(name).map { Int(clamping: $0) } ?? standard
    }

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
    }
}
