/// A value that must not be seen: it prints, reflects and interpolates as `[redacted]`.
///
/// Read it with ``reveal(_:)``, at the one place that needs the bytes.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    /// Hides `value`.
    public init(_ value: String) {
        self.value = value
    }

    /// Hands the value to `body`, which must not keep it.
    ///
    /// - Throws: what `body` throws.
    public func reveal<Result, Failure: Error>(_ body: (String) throws(Failure) -> Result) throws(Failure) -> Result {
        try body(value)
    }

    /// Always `[redacted]`.
    public var description: String { "[redacted]" }

    /// Always `[redacted]`.
    public var debugDescription: String { description }

    /// Shows nothing of the value.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
