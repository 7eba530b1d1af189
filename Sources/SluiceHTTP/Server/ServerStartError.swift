import SluiceStore

/// Why a server could not start: one sentence with what to do.
package struct ServerStartError: Error, Sendable, CustomStringConvertible {
    package let description: String
}
