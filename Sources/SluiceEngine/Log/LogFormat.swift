import SluiceProvider
import SluiceTypes

/// What every log begins with.
package enum LogFormat {
    /// The version of the entries, in the first byte.
    static let version: UInt8 = 2
    /// Where the first entry begins.
    static let start = 1

    /// Whether this version reads `log`, which is empty where nothing happened.
    package static func canRead(_ log: [UInt8]) -> Bool {
        log.first.map { $0 == version || !Promise.logOfThisVersion.holds } ?? true
    }
}
