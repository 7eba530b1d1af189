import SluiceTypes

/// The random name of one process life: a job that runs under another one is an orphan.
package struct BootID: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// A new name: 16 hex digits.
    package static func generate() -> BootID {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return BootID(rawValue: String(repeating: "0", count: 16 - digits.utf8.count) + digits)
    }

    package var description: String { rawValue }
}
