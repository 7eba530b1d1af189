/// The public part of an API token: the 8 characters after `slc_`.
///
/// It may be logged.
public struct TokenID: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
    /// The 8 characters.
    public let rawValue: String

    /// Takes the text form as it is.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The text form.
    public var description: String { rawValue }
}
